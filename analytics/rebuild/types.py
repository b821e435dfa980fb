"""Whether a column can hold what a view selects: `INSERT SELECT` would convert it in silence."""

from __future__ import annotations

import re

NUMBER = re.compile(r"(U?Int|Float)(\d+)")
EXACT = {
    ("Int", "Int"): 1,
    ("UInt", "UInt"): 1,
    ("Float", "Float"): 1,
    ("Int", "UInt"): 0.5,
    ("Float", "Int"): 0.5,
    ("Float", "UInt"): 0.5,
}
"""(of a column, of a value): the share of the column's bits that the value's may take."""


def holds(column: str, value: str) -> bool:
    """Whether values of a type go into a column unchanged, NULL among them."""
    if "Nullable(" in value and "Nullable(" not in column:
        return False
    column, value = _bare(column), _bare(value)
    if column == value or (column == "String" and value.startswith(("FixedString", "Enum"))):
        return True
    of_column, of_value = NUMBER.fullmatch(column), NUMBER.fullmatch(value)
    if of_column and of_value:
        exact = EXACT.get((of_column[1], of_value[1]), 0)
        return int(of_value[2]) <= int(of_column[2]) * exact
    decimals = [re.fullmatch(r"Decimal\((\d+), (\d+)\)", each) for each in (column, value)]
    if decimals[0] and decimals[1]:
        return all(int(decimals[0][n]) >= int(decimals[1][n]) for n in (1, 2))
    return False


def _bare(kind: str) -> str:
    """A type without what does not matter for the values that it holds."""
    kind = re.sub(r"^SimpleAggregateFunction\(\w+(?:\([^)]*\))?, (.*)\)$", r"\1", kind)
    for wrapper in ("LowCardinality", "Nullable"):
        kind = re.sub(rf"\b{wrapper}\(([^()]*(?:\([^()]*\))?[^()]*)\)", r"\1", kind)
    kind = re.sub(r"\b(DateTime(?:64\(\d)?)(?:\(|, )'[^']*'\)", _without_zone, kind)
    return kind.replace("Bool", "UInt8")


def _without_zone(found: re.Match[str]) -> str:
    return f"{found[1]})" if "(" in found[1] else found[1]
