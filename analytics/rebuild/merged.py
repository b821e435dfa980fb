"""The expressions that merge a column for each key of two sides, and compare the two results.

States are merged, numbers are added. A merged set (of uniqExact, say) is compared by its elements:
both sets and their union have the same size. A column that depends on the order in which rows came
is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.rebuild.server import quoted

FIRST, SECOND = "`side of comparison` = 0", "`side of comparison` = 1"
TOLERANCE = 1e-9  # relative, of floating point: the order of additions differs

SETS = re.compile(r"(?:uniq|groupUniqArray|groupBitmap|min(?!Map)|max(?!Map))")
BY_CHANCE = re.compile(
    r"(?:any|first_value|last_value|topK|groupArray|quantiles?(?!\w*Exact)|median(?!\w*Exact))"
)
NUMBER = re.compile(r"(?:U?Int\d+|Float\d+|BFloat16|Decimal)")
STATE = re.compile(
    r"(?P<simple>Simple)?AggregateFunction\((?:\d+, )?(?P<f>\w+)(?P<args>\([^)]*\))?"
)


@dataclass(frozen=True)
class Merged:
    """A column merged for each key of a side."""

    name: str
    of: str  # an aggregate; {side} stands for the condition
    union: str = ""  # of a set: the aggregate over both sides

    @property
    def same(self) -> str:
        """The condition that both sides are equal."""
        first, second = self.of.format(side=FIRST), self.of.format(side=SECOND)
        same = _equal(first, second)
        return f"{same} AND {_equal(second, self.union)}" if self.union else same


def merged(name: str, kind: str, *, adds: bool) -> Merged | None:
    """The merge of a column of that type; None if its result depends on the order of rows."""
    column, state = quoted(name), STATE.match(kind)
    if state is None:
        return Merged(name, f"sumIf({column}, {{side}})") if adds and NUMBER.match(kind) else None
    function, arguments = state["f"], state["args"] or ""
    if BY_CHANCE.match(function):
        return None
    if state["simple"]:
        return Merged(name, _sorted(function, f"{function}If({column}, {{side}})"))
    value = f"{function}MergeIf{arguments}({column}, {{side}})"
    union = f"{function}Merge{arguments}({column})" if SETS.match(function) else ""
    return Merged(name, _sorted(function, value), _sorted(function, union))


def _sorted(function: str, value: str) -> str:
    return f"arraySort({value})" if value and function.startswith("groupUniqArray") else value


def _equal(first: str, second: str) -> str:
    """Equality as texts, so that NULL and NaN equal themselves; floats may differ by TOLERANCE."""
    exact = f"ifNull(toString({first}), 'NULL') = ifNull(toString({second}), 'NULL')"
    near = (
        f"ifNull(abs(toFloat64OrNull(toString({first})) - toFloat64OrNull(toString({second})))"
        f" <= {TOLERANCE} * abs(toFloat64OrNull(toString({first}))), false)"
        f" AND match(toTypeName({first}), 'Float')"
    )
    return f"({exact} OR {near})"
