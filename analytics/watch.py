"""The person who looks on while a history is moved: what they are told, and their Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from analytics.errors import Interrupted
from analytics.journal.entry import Entry

SIGNALS = (signal.SIGINT, signal.SIGTERM)
FIRST = "stopping before the next step; once more stops at once"


def _nothing(*_: object) -> None:
    """What those do who do not care."""


@dataclass(frozen=True)
class Watch:
    """Four functions: `say` a line to a person, `wrote` a line of a journal, `check`, `progress`.

    `check` is called before each step, and raises Interrupted if the person wants a stop.
    `progress` says how far a long step is: a line, what is done, and of how much.
    """

    say: Callable[[str], None] = _nothing
    wrote: Callable[[Entry], None] = _nothing
    check: Callable[[], None] = _nothing
    progress: Callable[[str, int, int], None] = _nothing

    def pause(self, seconds: float) -> None:
        """Sleep; Interrupted if the person wants a stop: whoever waits has nothing under way."""
        self.check()
        time.sleep(seconds)
        self.check()


@dataclass
class Interruption:
    """Whether a person has asked for a stop."""

    say: Callable[[str], None]
    asked: bool = False

    def check(self) -> None:
        """Return if nobody has; else Interrupted."""
        if self.asked:
            raise Interrupted("stopped between two steps", "run the same command again to go on")

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """A signal came."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.say(FIRST)


@contextmanager
def deferred(say: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """Until this block ends, a signal waits for the function given here to be called.

    It raises Interrupted if there was one; a second signal is a KeyboardInterrupt at once. Outside
    of the main thread nothing changes: no signal arrives there.
    """
    interruption = Interruption(say)
    if threading.current_thread() is not threading.main_thread():
        yield interruption.check
        return
    former = {each: signal.signal(each, interruption.note) for each in SIGNALS}
    try:
        yield interruption.check
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
