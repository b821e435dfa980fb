"""The types of columns: which values of another type they hold, without loss."""

from __future__ import annotations

from analytics.sql.tokens import POSTGRES, scan

Type = tuple[str, tuple[int, ...]]
"""The name of a type as PostgreSQL writes it, and its arguments."""

TEXTS = ("text", "citext", "character varying")
INTEGERS = {"smallint": 5, "integer": 10, "bigint": 19}
"""Each with the digits of its largest value; a later one holds all of an earlier one."""
HOLDS = {
    "real": ("smallint",),
    "double precision": ("real", "smallint", "integer"),
    "timestamp without time zone": ("date",),
    "timestamp with time zone": ("date", "timestamp without time zone"),
    "json": ("jsonb",),
}
PRECISION = 6  # digits of a second that a time without an argument has


def holds(column: Type, value: Type) -> bool:
    """Whether a column of a type holds all values of another, as an assignment converts them."""
    if column[0] == "numeric":
        return _is_numeric(column, value)
    if column[0] in TEXTS and not column[1]:
        return True
    if column[0] == "character varying":
        return value[0] in ("character varying", "character") and _is_longer(column, value)
    if column[0] in INTEGERS:
        return INTEGERS.get(value[0], 99) <= INTEGERS[column[0]]
    is_known = value[0] == column[0] or value[0] in HOLDS.get(column[0], ())
    return is_known and _is_as_exact(column, value)


def arguments(kind: str) -> tuple[int, ...]:
    """The numbers between the brackets of a type."""
    row = scan(POSTGRES, kind.encode())
    return tuple(int(token.text) for token in row if token.kind == "number" and token.depth)


def _is_longer(column: Type, value: Type) -> bool:
    return bool(value[1]) and column[1] >= value[1]


def _is_numeric(column: Type, value: Type) -> bool:
    digits = (INTEGERS[value[0]], 0) if value[0] in INTEGERS else value[1]
    if value[0] not in ("numeric", *INTEGERS):
        return False
    if not column[1]:
        return True
    if not digits:
        return False
    (precision, scale), (given, places) = ((*each, 0)[:2] for each in (column[1], digits))
    return scale >= places and precision - scale >= given - places


def _is_as_exact(column: Type, value: Type) -> bool:
    """Whether arguments, of times and the like, are the same or leave as many digits."""
    if column[1] == value[1] or not column[1]:
        return True
    is_time = column[0].startswith("time")
    return is_time and column[1] >= (value[1] or (PRECISION,))
