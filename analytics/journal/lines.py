"""The lines of a run on their way into the journal: some wait in memory, and no crash loses any.

A write to the store is one round trip. So a line that a run after a crash can do without waits in
memory for the next line that it cannot do without. That run finds, when the process died

- before the first step of a revision was sent: no line of the revision; and either nothing has
  happened, or its version has moved, which was committed together with all of the revision.
- between a step's answer and its line: a step in doubt, as if the answer had been lost. A step
  that may be sent twice is sent again; of one that may not, the line never waits.
- between the move of a version and the revision's end: a revision without an end, whose version
  has moved: it is closed. So that this is seen, no version moves while the store lacks the end of
  an earlier revision (`end_earlier`).
- after the lock was lost: the same. What is in memory is not written: another process may work
  by then.

No line waits when the next step is sent. Revisions without steps send none: their lines wait
together, but not many of them (WAITING).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from analytics.errors import LockLost
from analytics.journal.entry import Entry, Journal, now

WAITING = 50  # lines in memory with which the end of a revision waits no longer


@dataclass
class Lines:
    """The writer of a run's lines; `wrote` gets each line at its moment, the journal when due."""

    journal: Journal
    wrote: Callable[[Entry], None]
    lost: tuple[type[BaseException], ...] = ()  # what the journal raises when its session is gone
    lacks_end: bool = False  # whether the store holds a revision without its end
    _waiting: list[Entry] = field(init=False, default_factory=list)  # not in the store yet

    @property
    def may_wait(self) -> bool:
        """Whether few enough lines are in memory for the end of a revision to wait."""
        return len(self._waiting) < WAITING

    def append(self, line: Entry, *, waits: bool = False) -> None:
        """Add a line; unless it waits, all lines are in the store when this returns."""
        line = replace(line, at=now())
        self._waiting.append(line)
        if not waits:
            self.flush()
        self.wrote(line)

    def fail(self, line: Entry) -> None:
        """Add the line of a failure, if there still is a session: its own error says more."""
        with suppress(*self.lost):
            self.append(line)

    def end_earlier(self) -> None:
        """A version is about to move: the store gets the end of an earlier revision first."""
        ends = [number for number, line in enumerate(self._waiting, 1) if line.is_end]
        if self.lacks_end and ends:
            self.flush(ends[-1])

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A run: the lines in memory are written when it ends or fails; not without the lock."""
        try:
            yield
        except LockLost:
            raise
        except BaseException:
            self.flush()
            raise
        self.flush()

    def flush(self, count: int | None = None) -> None:
        """Write all lines in memory, or the first; those that the store refuses are dropped."""
        lines = self._waiting[:count]
        del self._waiting[:count]
        if lines:
            self.lacks_end = True
            self.journal.append(*lines)
            self.lacks_end = not lines[-1].is_end
