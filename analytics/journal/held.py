"""The steps that an open transaction holds: their effects and a version are committed together.

Such a step needs no line of its own. But where a revision commits before its end (in an
`autocommit_block`, or by an operation that no rollback undoes), what was held until then happens
without its version. So its lines are committed with it, and a later run skips what they name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analytics.journal.entry import Entry, Journal, State, now
from analytics.journal.work import Work

if TYPE_CHECKING:
    from analytics.journal.steps import Steps


@dataclass
class Held:
    """The steps of a run since its last commit."""

    steps: Steps = field(repr=False, compare=False)
    is_open: bool = False  # while the function of a revision runs
    _sent: list[tuple[Entry, Callable[[], Work]]] = field(default_factory=list)

    def send(self, work: Callable[[], Work], send: Callable[[], None]) -> None:
        """Send a step within the transaction, unless an earlier run has committed it.

        `work` is called only if a line is needed: most transactions are committed at the end.
        """
        before = self.steps.here
        self.steps.here = replace(before, step=before.step + 1, title="")
        if self.steps.earlier:
            self.steps.here = work().after(before)
            if self.steps.is_done(work()):
                return
        self.steps.is_within = True
        try:
            send()
        finally:
            self.steps.is_within = False
        self._sent.append((before, work))

    def from_the_start(self, function: Callable[[], None]) -> Callable[[], None]:
        """The function of a revision, which may start again if nothing of it was committed."""

        def run() -> None:
            self._sent.clear()
            self.is_open, self.steps.here = True, self.steps.revision
            function()

        return run

    def end(self) -> None:
        """It has ended: what is held is committed with the version, or undone."""
        self._sent.clear()
        self.is_open = False

    def record(self, journal: Journal) -> None:
        """The transaction is about to be committed: the lines are written over its connection."""
        if not self._sent:
            return
        lines = [
            replace(work().after(before), state=State.DONE, at=now()) for before, work in self._sent
        ]
        self._sent.clear()
        self.steps.lines.flush()
        journal.append(*lines)
        self.steps.lines.lacks_end = True
        self.steps.earlier |= {line.step: line for line in lines}
