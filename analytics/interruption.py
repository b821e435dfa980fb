"""Ctrl-C during a release: it stops between two steps; a second one stops it at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from analytics.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)
FIRST = "stopping before the next step; once more stops at once"


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
