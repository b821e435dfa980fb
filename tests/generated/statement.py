"""A statement in a random spelling, and the measure of what it has lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Rows = Mapping[Any, Mapping[Any, Counter[Any]]]
"""By table and column: its values."""


@dataclass(frozen=True)
class Statement:
    """A spelling of one statement or more."""

    plain: str
    pieces: tuple[str, ...]
    is_harmless: bool  # known as such: a warning is a false alarm

    @property
    def text(self) -> str:
        """All of it, as a revision may send it."""
        return "\n;\n".join(self.pieces)


@dataclass(frozen=True)
class Judged:
    """What we say about a statement, and what a server did."""

    seed: int
    statement: Statement
    says: str | None  # what it loses
    lost: tuple[str, ...]  # the columns that lost values
    error: str  # of the server

    @property
    def end(self) -> str:
        """The verdict on what we say."""
        if self.lost:
            return "a loss, named" if self.says else "a loss in silence"
        if self.error:
            return "refused by the server"
        return "a false alarm" if self.says else "no loss, none named"

    @property
    def is_fault(self) -> bool:
        """Whether we must never say that."""
        if self.end == "a false alarm":
            return self.statement.is_harmless
        return self.end == "a loss in silence"

    def __str__(self) -> str:
        return f"{self.seed}: {self.end} ({self.says}, {self.error}):\n{self.statement.text}"


def lost(before: Rows, after: Rows) -> list[str]:
    """The columns of which a value is gone; one that was renamed is found by its values."""
    gone = []
    for table, columns in before.items():
        now = after.get(table, {})
        for name, values in columns.items():
            kept = [now[name]] if name in now else list(now.values())
            if not any(not (_same(values) - _same(each)) for each in kept):
                gone.append(f"{table}.{name}")
    return gone


def _same(values: Counter[Any]) -> Counter[Any]:
    """Values as they compare: a number by what it is, however it is written."""
    found: Counter[Any] = Counter()
    for value, count in values.items():
        found[_known(value)] += count
    return found


def _known(value: Any) -> Any:
    if value is None:
        return value
    text = str(value).rstrip(" ").removesuffix(" 00:00:00")
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text
