"""The steps of a revision: each is written down before it is sent, and skipped once it is done.

Which of these lines wait in memory, and what a run after a crash finds: see `lines`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import uuid4

from analytics.journal import person, refusals
from analytics.journal.entry import REVISION, Direction, Entry, Journal, State, Unfinished
from analytics.journal.held import Held
from analytics.journal.lines import Lines
from analytics.journal.work import Work, title


@dataclass
class Steps:
    """A run over one history: its checks before a step, and its place in a revision.

    `check` raises LockLost when another process may work by now, and Interrupted when the user
    wants a stop. `settle` waits for a query of that id to end and returns its outcome, None if the
    server does not know it. `finish` waits for what it does of a step after its answer.
    `refused` tells a server's refusal from a lost answer; if `is_atomic`, a refusal has changed
    nothing: ClickHouse keeps the blocks that an INSERT has written before it failed.
    """

    OPTION: ClassVar[str] = "analytics_steps"  # under which Alembic's context holds it

    database: str
    journal: Journal
    check: Callable[[], None]
    wrote: Callable[[Entry], None]  # gets each line of the journal
    settle: Callable[[str], State | None]
    finish: Callable[[Work], None]
    refused: Callable[[BaseException], bool]
    redact: Callable[[str], str]  # takes secrets out of a text
    is_atomic: bool
    lost: tuple[type[BaseException], ...] = ()  # what the journal raises when its session is gone
    run: str = field(default_factory=lambda: str(uuid4()))
    who: str = field(default_factory=person.who)
    is_within: bool = False  # whether a step is being sent: what it sends is no step of its own
    lines: Lines = field(init=False)
    held: Held = field(init=False)
    revision: Entry = field(init=False)  # the line of the one whose function runs
    here: Entry = field(init=False)
    earlier: dict[int, Entry] = field(init=False, default_factory=dict)
    _sent: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.lines = Lines(self.journal, self.wrote, self.lost)
        self.held = Held(self)

    def begin(
        self, revision: str, direction: Direction, unfinished: Unfinished | None, kind: str = ""
    ) -> None:
        """The function of a revision is about to run, from its start or once more."""
        self.lines.lacks_end |= unfinished is not None
        again = unfinished and (unfinished.revision, unfinished.direction) == (revision, direction)
        self.earlier = unfinished.steps if unfinished and again else {}
        line = Entry(self.run, revision, direction, REVISION, State.SENT, kind, who=self.who)
        self.revision = self.here = line
        self.lines.append(line, waits=True)

    def close(self, unfinished: Unfinished, detail: str = "") -> None:
        """The last line of a revision that lacks nothing else: all of it happened, or nothing."""
        last = unfinished.steps[REVISION]
        self.lines.append(replace(last, state=State.DONE, detail=detail, who=self.who))

    def end(self, detail: str = "") -> None:
        """The version has moved, or (with `detail`) a half-done revision is taken back."""
        line = replace(self.revision, state=State.DONE, detail=detail)
        self.lines.append(line, waits=not detail and self.lines.may_wait)

    def fail(self, error: BaseException) -> None:
        """The function of the revision ended with an error."""
        self.lines.fail(replace(self.revision, state=State.FAILED, detail=self._text(error)))

    def place(self, statement: str | None) -> str:
        """The place in the run, for a person; `statement` runs where there are no steps."""
        return self.here.place(title(statement or ""))

    def perform(self, work: Work, send: Callable[[], None]) -> None:
        """Send a step unless it is done.

        Raises Refused if it was sent with another text, InDoubt if it may not be sent twice and
        its outcome is not known, and what `check` and `send` raise.
        """
        self.here = work.after(self.here)
        if self.is_done(work):
            return
        self.check()
        self.here = replace(self.here, query_id=self.here.query(self.database))
        self.lines.append(self.here)
        with self._watched(work):
            send()
            self.finish(work)
        self._done(waits=not work.once)

    def next_query_id(self) -> str:
        """The id under which the next statement of this step is sent."""
        self._sent += 1
        return f"{self.here.query_id}/{self._sent}"

    @contextmanager
    def _watched(self, work: Work) -> Iterator[None]:
        """A refusal is a failed step; after any other error the step stays in doubt."""
        self._sent, self.is_within = 0, True
        try:
            yield
        except Exception as error:
            if self.refused(error) and (self.is_atomic or not work.once):
                self.lines.fail(replace(self.here, state=State.FAILED, detail=self._text(error)))
            raise
        finally:
            self.is_within = False

    def is_done(self, work: Work) -> bool:
        """Whether an earlier run has done the step of this work, which comes now."""
        earlier = self.earlier.get(self.here.step)
        if earlier is None or earlier.is_settled:
            return earlier is not None and earlier.state is State.DONE
        if earlier.digest != self.here.digest:
            raise refusals.changed(earlier, self.here)
        if earlier.state is State.DONE:
            return not work.looks_first
        return self._has_happened(earlier, work)

    def _has_happened(self, earlier: Entry, work: Work) -> bool:
        """Whether a step in doubt has; one that looks first, or may be repeated, is sent again."""
        outcome = self.settle(f"{earlier.query_id}/1")
        if work.looks_first:
            return False
        if outcome is State.DONE:
            self.finish(work)
            self._done(detail="the server says so", waits=not work.once)
            return True
        if outcome is None and work.once:
            raise refusals.in_doubt(earlier)
        return False

    def _done(self, *, detail: str = "", waits: bool) -> None:
        self.lines.append(replace(self.here, state=State.DONE, detail=detail), waits=waits)

    def _text(self, error: BaseException) -> str:
        return self.redact(" ".join(str(error).split()))
