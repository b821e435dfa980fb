"""The types of columns: which values of a view they hold. `INSERT SELECT` converts silently."""

from __future__ import annotations

import re

PARSED = ("Enum", "UUID", "IPv4", "IPv6")
"""Types into which a text is parsed: one that does not fit is an error, and no other value."""
NUMBER = re.compile(r"(U?Int|Float)(\d+)")
EXACT = {
    ("Int", "Int"): 1,
    ("UInt", "UInt"): 1,
    ("Float", "Float"): 1,
    ("Int", "UInt"): 0.5,
    ("Float", "Int"): 0.5,
    ("Float", "UInt"): 0.5,
}
"""(type of a column, type of a value): the share of the column's bits that the value may take."""


def holds(column: str, value: str) -> bool:
    """Whether a column holds all values of a type unchanged, NULL included."""
    if "Nullable(" in value and "Nullable(" not in column:
        return False
    column, value = _bare(column), _bare(value)
    if column == value or (column == "String" and value.startswith(("FixedString", "Enum"))):
        return True
    if value == "String" and column.startswith(PARSED):
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
    """A type without the parts that do not change the values that it holds."""
    kind = re.sub(r"^SimpleAggregateFunction\(\w+(?:\([^)]*\))?, (.*)\)$", r"\1", kind)
    for wrapper in ("LowCardinality", "Nullable"):
        kind = re.sub(rf"\b{wrapper}\(([^()]*(?:\([^()]*\))?[^()]*)\)", r"\1", kind)
    kind = re.sub(r"\b(DateTime(?:64\(\d)?)(?:\(|, )'[^']*'\)", _without_zone, kind)
    return kind.replace("Bool", "UInt8")


def _without_zone(match: re.Match[str]) -> str:
    return f"{match[1]})" if "(" in match[1] else match[1]
