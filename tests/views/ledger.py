"""What was done: experiments, and every change of an assignment or an event in the log's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar


@dataclass(frozen=True)
class Variant:
    """A variant as the reference data has it."""

    id: str
    name: str
    is_control: bool
    allocation: float


@dataclass(frozen=True)
class Experiment:
    """An experiment and the variants that are known of it."""

    id: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Assignment:
    """A row of assignments."""

    id: str
    experiment_id: str
    user_id: str
    variant_id: str
    assigned_at: datetime


@dataclass(frozen=True)
class Event:
    """A row of events; `properties` is the text of a JSON object."""

    id: str
    experiment_id: str
    user_id: str
    variant_id: str
    event_type: str
    timestamp: datetime
    properties: str = "{}"
    assignment_at: datetime | None = None


Record = TypeVar("Record", Assignment, Event)
Rename = Callable[[str, str], str]


@dataclass(frozen=True)
class Change:
    """A row before and after; None is no row."""

    before: Assignment | Event | None
    after: Assignment | Event | None
    lsn: int = 0

    @property
    def record(self) -> Assignment | Event:
        """The row that there is."""
        record = self.after or self.before
        assert record is not None
        return record


@dataclass(frozen=True)
class Ledger:
    """All that was done."""

    experiments: tuple[Experiment, ...]
    changes: tuple[Change, ...]
    prefix: str = ""

    def live(self, kind: type[Record]) -> list[Record]:
        """The rows of today: the newest version of each id, over all its former places."""
        newest: dict[str, Record | None] = {}
        for change in sorted(self.changes, key=lambda change: change.lsn):
            if isinstance(change.record, kind):
                newest[change.record.id] = change.after
        return [record for record in newest.values() if record is not None]


Step = Experiment | Assignment | Event | Change


def ledger(*steps: Step) -> Ledger:
    """A ledger of steps: an experiment is known, a record is created, a change happens."""
    experiments = tuple(step for step in steps if isinstance(step, Experiment))
    changes = [_change(step) for step in steps if not isinstance(step, Experiment)]
    numbered = (replace(change, lsn=1000 + 8 * at) for at, change in enumerate(changes))
    return Ledger(experiments, tuple(numbered))


def changed(record: Record, **fields: Any) -> Change:
    """An update of some fields."""
    return Change(record, replace(record, **fields))


def deleted(record: Assignment | Event) -> Change:
    """A delete."""
    return Change(record, None)


def within(book: Ledger, prefix: str, *, rename: Rename = str.__add__) -> Ledger:
    """The same ledger under names of its own; `rename` makes a record's id from the prefix."""

    def moved(record: Assignment | Event | None) -> Assignment | Event | None:
        if record is None:
            return None
        return replace(
            record,
            id=rename(prefix, record.id),
            experiment_id=prefix + record.experiment_id,
            user_id=prefix + record.user_id,
        )

    experiments = (replace(each, id=prefix + each.id) for each in book.experiments)
    changes = (Change(moved(each.before), moved(each.after), each.lsn) for each in book.changes)
    return Ledger(tuple(experiments), tuple(changes), prefix)


def _change(step: Assignment | Event | Change) -> Change:
    return step if isinstance(step, Change) else Change(None, step)
