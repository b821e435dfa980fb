"""The types of columns: which values of a view they hold. `INSERT SELECT` converts silently."""

from __future__ import annotations

import re

from analytics.sql.tokens import tokens, unquoted

PARSED = ("Enum", "UUID", "IPv4", "IPv6")
"""Types into which a text is parsed: one that does not fit is an error, and no other value."""
DECIMAL = re.compile(r"Decimal\((\d+), (\d+)\)")
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
    return (
        column == value
        or _is_text(column, value)
        or _is_enum(column, value)
        or (_is_number(column, value) or _is_decimal(column, value))
        or _is_array(column, value)
    )


def _is_text(column: str, value: str) -> bool:
    """Whether one is written as the text of the other, and read again unchanged."""
    if value == "String":
        return column.startswith(PARSED)
    return column == "String" and value.startswith(("FixedString", "Enum"))


def _is_enum(column: str, value: str) -> bool:
    both = column.startswith("Enum") and value.startswith("Enum")
    return both and _members(value) <= _members(column)


def _is_number(column: str, value: str) -> bool:
    of_column, of_value = NUMBER.fullmatch(column), NUMBER.fullmatch(value)
    if not of_column or not of_value:
        return False
    exact = EXACT.get((of_column[1], of_value[1]), 0)
    return int(of_value[2]) <= int(of_column[2]) * exact


def _is_decimal(column: str, value: str) -> bool:
    of_column, of_value = DECIMAL.fullmatch(column), DECIMAL.fullmatch(value)
    if not of_column or not of_value:
        return False
    (digits, scale), (given, places) = (map(int, each.groups()) for each in (of_column, of_value))
    return scale >= places and digits - scale >= given - places


def _is_array(column: str, value: str) -> bool:
    both = column.startswith("Array(") and value.startswith("Array(")
    return both and holds(column[len("Array(") : -1], value[len("Array(") : -1])


def _members(kind: str) -> set[str]:
    """The names of an Enum."""
    return {unquoted(token) for token in tokens(kind.encode()) if token.kind == "string"}


def _bare(kind: str) -> str:
    """A type without the parts that do not change the values that it holds."""
    kind = re.sub(r"^SimpleAggregateFunction\(\w+(?:\([^)]*\))?, (.*)\)$", r"\1", kind)
    for wrapper in ("LowCardinality", "Nullable"):
        kind = re.sub(rf"\b{wrapper}\(([^()]*(?:\([^()]*\))?[^()]*)\)", r"\1", kind)
    kind = re.sub(r"\b(DateTime(?:64\(\d)?)(?:\(|, )'[^']*'\)", _without_zone, kind)
    return kind.replace("Bool", "UInt8")


def _without_zone(match: re.Match[str]) -> str:
    return f"{match[1]})" if "(" in match[1] else match[1]
