"""The lines of a journal: all that was sent to a store, written down before it was sent.

A revision is made of steps, numbered from 1 in the order in which its function takes them; step 0
is the revision itself: it is done when the version has moved, or when a half-done revision was
taken back. Lines are only added: the newest line of a step is its state. A revision is unfinished
when lines follow the last one that ended a revision; when its direction changes, its earlier steps
count no longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

TABLE, VERSIONS = "analytics_journal", "alembic_version"
REVISION = 0  # the step that is the revision itself
TAKE_BACK = "take back"  # the kind of a half-done revision that is undone; no version moves
RESOLVED = "resolved: "  # begins the detail of a line that is a person's word


class State(StrEnum):
    """The state of a step: one that was sent and has no later line is in doubt."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Direction(StrEnum):
    """The function of a revision that runs."""

    UP = "upgrade"
    DOWN = "downgrade"


@dataclass(frozen=True)
class Entry:
    """A line of the journal; `detail` is an error, or the reason that a user gave.

    `at` is the time when it happened, by the clock of the host that ran it: the line may be
    written later.
    """

    run: str
    revision: str
    direction: Direction
    step: int
    state: State
    kind: str = ""
    title: str = ""
    digest: str = ""
    query_id: str = ""
    detail: str = ""
    who: str = ""
    at: str = ""

    @property
    def is_end(self) -> bool:
        """Whether it ends its revision."""
        return self.step == REVISION and self.state is State.DONE

    @property
    def is_settled(self) -> bool:
        """Whether its text does not count any more: it was refused, or a person calls it done."""
        return self.state is State.FAILED or self.detail.startswith(RESOLVED)

    def place(self, title: str) -> str:
        """The place in its run, for a person; `title` names what runs outside of a step."""
        shown = (self.title if self.step else "") or title
        step = f", step {self.step}" if self.step else ""
        return f"{self.direction} of revision {self.revision}{step}" + f" (`{shown}`)" * bool(shown)

    def query(self, database: str) -> str:
        """The id with which the ids of its queries begin."""
        place = f"{database}/{self.revision}/{self.direction}/{self.step}"
        return f"{place}/{self.digest}/{self.run}"


def now() -> str:
    """The current time as a line has it, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass(frozen=True)
class Unfinished:
    """A revision that has begun and not ended, with the newest line of each of its steps."""

    revision: str
    direction: Direction
    steps: dict[int, Entry]

    def has_moved(self, heads: Sequence[str]) -> bool:
        """Whether the version has moved, so that the revision lacks its last line only."""
        is_taken_back = self.steps[REVISION].kind == TAKE_BACK
        return not is_taken_back and (self.revision in heads) == (self.direction is Direction.UP)

    def has_begun(self) -> bool:
        """Whether a step was sent, which no rollback undoes."""
        return any(self.steps)


class Journal(Protocol):
    """The journal of one store, kept in that store."""

    def create(self) -> None:
        """Create the table unless it exists."""

    def append(self, *lines: Entry) -> None:
        """Add lines in their order, all or none; they are durable when this returns."""

    def since_last_end(self) -> list[Entry]:
        """The lines after the last one that ended a revision, in order; none without a table."""

    def of_run(self, run: str) -> list[Entry]:
        """The lines of the runs whose id begins so, in order; none without a table."""

    def prune(self, before: str) -> int:
        """Delete the lines of ended revisions from before a time in UTC; their number."""


def table(version_table: str) -> str:
    """The journal's table beside a version table: two histories in one database share neither."""
    return TABLE if version_table == VERSIONS else f"{version_table}_journal"


def unfinished(entries: Sequence[Entry]) -> Unfinished | None:
    """The unfinished revision by the lines since the last end; None if there is none."""
    if not entries:
        return None
    last, steps = entries[-1], dict[int, Entry]()
    for line in entries:
        is_of_it = (line.revision, line.direction) == (last.revision, last.direction)
        steps = {**steps, line.step: line} if is_of_it else {}
    return Unfinished(last.revision, last.direction, steps)


def entry(row: Sequence[Any]) -> Entry:
    """A line as a store returns it, its columns in the order of the fields."""
    run, revision, direction, step, state, *rest = row
    return Entry(run, revision, Direction(direction), int(step), State(state), *map(str, rest))
