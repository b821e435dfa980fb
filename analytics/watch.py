"""The Watch: the messages to a user while a history is moved, and the user's Ctrl-C."""

from __future__ import annotations

import signal
import sys
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
UNDOING = "analytics: what was begun is put back first; that ends by itself"


def _nothing(*_: object) -> None:
    """The default of all functions."""


@dataclass(frozen=True)
class Watch:
    """Four functions that a run calls for its user.

    `say` gets a line of text, and `wrote` a line of a journal. `check` is called before each step,
    and raises Interrupted if the user wants a stop. `progress` gets a line about a long step, the
    amount that is done, and the whole amount.
    """

    say: Callable[[str], None] = _nothing
    wrote: Callable[[Entry], None] = _nothing
    check: Callable[[], None] = _nothing
    progress: Callable[[str, int, int], None] = _nothing

    def pause(self, seconds: float) -> None:
        """Sleep; Interrupted if the user wants a stop, since nothing runs during a pause."""
        self.check()
        time.sleep(seconds)
        self.check()


@dataclass
class Interruption:
    """A stop that the user may ask for.

    A signal may come amid a line of output, which cannot be entered twice: another thread says it.
    """

    say: Callable[[str], None]
    asked: bool = False
    saying: threading.Thread | None = None

    def check(self) -> None:
        """Return if no stop is wanted; else raise Interrupted."""
        if self.asked:
            self.wait()
            raise Interrupted("stopped between two steps", "run the same command again to go on")

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """Take a signal: the first asks for a stop, the second raises KeyboardInterrupt."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.saying = threading.Thread(target=self.say, args=(FIRST,))
        self.saying.start()

    def wait(self) -> None:
        """Return when the answer to a signal is out."""
        if self.saying:
            self.saying.join()


@contextmanager
def deferred(say: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """A function that raises Interrupted if a signal came; until then signals have no effect.

    A second signal is a KeyboardInterrupt at once. Outside of the main thread nothing changes: no
    signal arrives there.
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
        interruption.wait()


@contextmanager
def held() -> Iterator[None]:
    """A block that no signal of a user ends, such as an undo; the first one is answered."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    answer = Interruption(lambda _: print(UNDOING, file=sys.stderr))

    def note(number: int, frame: FrameType | None) -> None:
        if not answer.asked:
            answer.note(number, frame)

    former = {each: signal.signal(each, note) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
        answer.wait()
