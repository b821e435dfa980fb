"""Who looks on while a history is moved: what is told to them, and whether they want it to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from analytics.journal import Entry


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
