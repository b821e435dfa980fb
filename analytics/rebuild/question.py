"""A comparison as a question: what is compared, and the query that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from analytics.rebuild import equality
from analytics.rebuild.equality import raw
from analytics.rebuild.merged import FIRST, SECOND
from analytics.rebuild.objects import Object
from analytics.rebuild.server import quoted

KEY, WRONG = quoted("key of comparison"), quoted("wrong of comparison")
PRESENCE = f"(countIf({FIRST}) > 0) = (countIf({SECOND}) > 0)"
HAS_ROWS = f"countIf({FIRST}) > 0"
HAS_MORE = f"countIf({FIRST}) > countIf({SECOND})"
ORDER = "which row counts"
"""What is wrong where rows of a key have the same version, and the one inserted last counts."""

Kinds = Callable[[list[str]], list[str]]
"""Aggregates over the rows -> their types."""


@dataclass(frozen=True)
class Question:
    """What is compared: the rows of a table, marked with their side.

    With `losses` the first side is what serves, and only what it has and the second lacks counts.
    `came` is why the first side may have added up more rows than the second one knows; "" if not.
    """

    table: Object
    types: dict[str, str]  # of the columns to compare
    keys: list[str]  # expressions
    rows: str  # a query
    kinds: Kinds
    keyed: frozenset[str]  # names in the keys of the table: no engine adds these columns
    losses: bool = False
    came: str = ""


@dataclass(frozen=True)
class Answer:
    """A query, and what it says less about: columns left out, and doubts, with the reasons."""

    query: str
    left_out: list[str] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)


def comparable(types: dict[str, str]) -> dict[str, str]:
    """The columns as the server can group by them, each with the text that shows it."""
    return {
        raw(quoted(name)) if equality.is_ambiguous(kind) else quoted(name): (
            f"any({quoted(name)})" if equality.is_ambiguous(kind) else quoted(name)
        )
        for name, kind in types.items()
    }


def grouped(
    asked: Question,
    keys: Iterable[str],
    wrong: str,
    *,
    having: str = HAS_ROWS,
    given: Mapping[str, str] | None = None,
) -> str:
    """The query over the rows by these expressions; a mapping says how each is shown.

    `given` are aggregates, by the names under which `wrong` uses them.
    """
    shown = keys.values() if isinstance(keys, Mapping) else keys
    named = ", ".join(f"{aggregate} AS {name}" for name, aggregate in (given or {}).items())
    return (
        f"WITH {named}\n"
        * bool(named)
        + f"SELECT {_text(shown)} AS {KEY},\n    {wrong} AS {WRONG}\n"
        f"FROM\n(\n{asked.rows}\n)\nGROUP BY {', '.join(keys) or 'tuple()'}"
        + f"\nHAVING {having}"
        * asked.losses
    )


def listed(expressions: Iterable[str]) -> str:
    """The array of those that are not empty."""
    return f"arrayFilter(x -> x != '', [{', '.join(expressions)}])"


def _text(expressions: Iterable[str]) -> str:
    parts = [f"ifNull(toString({each}), 'NULL')" for each in expressions]
    return f"concat('', {', '.join(_between(parts))})"


def _between(parts: list[str]) -> list[str]:
    """The parts with a comma between them."""
    return [piece for part in parts for piece in (part, "', '")][:-1] or ["''"]
