"""Rows against rows: one readable line for each difference."""

from __future__ import annotations

import math
from decimal import Decimal

Row = dict[str, object]
Key = tuple[object, ...]

SECONDS = {
    "duration_s",
    "total_session_s",
    "avg_session_s",
    "seconds_to_exposure",
    "seconds_exposure_to_conversion",
    "median_seconds_to_convert",
}


def differences(actual: list[Row], expected: list[Row], *, key: tuple[str, ...]) -> list[str]:
    """Rows that are missing, double or too many, and columns that differ, by key."""
    there, wanted = _by_key(actual, key), _by_key(expected, key)
    lines = [f"{_name(key, each)}: missing" for each in wanted.keys() - there.keys()]
    lines += [f"{_name(key, each)}: too many" for each in there.keys() - wanted.keys()]
    for each in there.keys() & wanted.keys():
        if len(there[each]) != len(wanted[each]):
            lines.append(f"{_name(key, each)}: {len(there[each])} rows of one key")
        lines += _columns(_name(key, each), there[each][0], wanted[each][0])
    return sorted(lines)


def same(column: str, actual: object, expected: object) -> bool:
    """Floats nearly, anything else exactly; NULL only equals NULL, and NaN nothing."""
    if actual is None or expected is None:
        return actual is expected
    if isinstance(actual, float) and isinstance(expected, float | Decimal):
        return _close(column, actual, float(expected))
    if isinstance(actual, Decimal) and isinstance(expected, float):
        return _close(column, float(actual), expected)
    return actual == expected


def _close(column: str, actual: float, expected: float) -> bool:
    if column in SECONDS:
        return abs(actual - expected) <= 1.000001e-3
    relative = 1e-8 if "p_value" in column else 1e-9
    return math.isclose(actual, expected, rel_tol=relative, abs_tol=1e-12)


def _columns(name: str, actual: Row, expected: Row) -> list[str]:
    absent = [f"{name}: no column {column}" for column in expected.keys() - actual.keys()]
    return absent + [
        f"{name}: {column} is {actual[column]!r}, should be {expected[column]!r}"
        for column in expected.keys() & actual.keys()
        if not same(column, actual[column], expected[column])
    ]


def _by_key(rows: list[Row], key: tuple[str, ...]) -> dict[Key, list[Row]]:
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row.get(column) for column in key), []).append(row)
    return grouped


def _name(key: tuple[str, ...], values: Key) -> str:
    return ", ".join(f"{column}={value!r}" for column, value in zip(key, values, strict=True))
