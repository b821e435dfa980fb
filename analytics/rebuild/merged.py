"""The expressions that merge a column for each key of two sides, and compare the two results.

States are merged, numbers are added. A merged set (of uniqExact, say) is compared by its elements:
both sets and their union have the same size. A column that is taken from any of the rows is left
out. One whose function is not known to be the same in any order is compared, and a difference is
reported as a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.rebuild import equality
from analytics.rebuild.server import quoted

SIDE = quoted("side of comparison")
FIRST, SECOND = f"{SIDE} = 0", f"{SIDE} = 1"

SETS = re.compile(r"(?:uniq|groupUniqArray|groupBitmap|min(?!Map)|max(?!Map))")
BY_CHANCE = re.compile(
    r"(?:any|first_value|last_value|topK|groupArray|quantiles?(?!\w*Exact)|median(?!\w*Exact))"
)
EXACT = re.compile(
    r"(?:sum|count|avg|min|max|uniq|groupUniqArray|groupBit|quantiles?\w*Exact|median\w*Exact)"
)
"""The functions whose result is the same in any order of rows."""
ADDS = re.compile(r"(?:sum|count)(?!Map|Distinct)")
NUMBER = re.compile(r"(?:U?Int\d+|Float\d+|BFloat16|Decimal)")
STATE = re.compile(
    r"(?P<simple>Simple)?AggregateFunction\((?:\d+, )?(?P<f>\w+)(?P<args>\([^)]*\))?"
)


@dataclass(frozen=True)
class Merged:
    """A column merged for each key of a side."""

    name: str
    stored: str  # the column's type
    of: tuple[str, str]  # an aggregate over each side
    union: str = ""  # of a set: the aggregate over both sides
    doubt: str = ""  # why the two may differ although neither is wrong
    adds: bool = False  # whether each row counts, also one that comes twice

    def same(self, kind: str) -> str:
        """The condition that both sides are equal; `kind` is the type of the aggregate."""
        within = equality.tolerance(self.stored)
        pairs = [self.of, (self.of[1], self.union)] if self.union else [self.of]
        return " AND ".join(equality.same(kind, *pair, within=within) for pair in pairs)


def merged(name: str, kind: str, *, adds: bool) -> Merged | None:
    """The merge of a column of that type; None if its result depends on the order of rows."""
    column, state = quoted(name), STATE.match(kind)
    if state is None:
        is_sum = adds and NUMBER.match(kind)
        return Merged(name, kind, _both(f"sumIf({column}, ", ")"), adds=True) if is_sum else None
    function, arguments = state["f"], state["args"] or ""
    if BY_CHANCE.match(function):
        return None
    start, end = ("arraySort(", "))") if function.startswith("groupUniqArray") else ("", ")")
    doubt, adds_up = _doubt(function), ADDS.match(function) is not None
    if state["simple"]:
        sides = _both(f"{start}{function}If({column}, ", end)
        return Merged(name, kind, sides, doubt=doubt, adds=adds_up)
    sides = _both(f"{start}{function}MergeIf{arguments}({column}, ", end)
    union = f"{start}{function}Merge{arguments}({column}{end}" if SETS.match(function) else ""
    return Merged(name, kind, sides, union, doubt, adds_up)


def _both(before: str, after: str) -> tuple[str, str]:
    """An aggregate over the first side, and over the second."""
    return f"{before}{FIRST}{after}", f"{before}{SECOND}{after}"


def _doubt(function: str) -> str:
    if EXACT.match(function):
        return ""
    if function.startswith("arg"):
        return f"{function}: of rows with equal values either counts"
    return f"{function}: its result may depend on the order of rows"
