"""Reports for machines: all rows and columns as JSON or CSV, written while they are read."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from analytics.experiments.reports.reading import Rows


def write_json(rows: Rows, out: TextIO) -> None:
    """A list of objects, one on each line; decimals keep their digits; NULL and NaN are null."""
    names = [json.dumps(name) for name in rows.columns]
    before = "[\n"
    for row in rows.values:
        pairs = zip(names, map(_json, row), strict=True)
        out.write(before + "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}")
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def write_csv(rows: Rows, out: TextIO) -> None:
    """A line of names, then the rows, as in RFC 4180; a value that is null in JSON is empty."""
    writer = csv.writer(out)
    writer.writerow(rows.columns)
    writer.writerows(map(_csv, row) for row in rows.values)


WRITERS: dict[str, Callable[[Rows, TextIO], None]] = {"json": write_json, "csv": write_csv}


def _json(value: Any) -> str:
    """As JSON text; a Decimal is a number with all of its digits."""
    value = _plain(value)
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _csv(value: Any) -> str:
    value = _plain(value)
    return "" if value is None else value if isinstance(value, str) else _json(value)


def _plain(value: Any) -> Any:
    """The value, but times as text in UTC, and None for NaN and infinity."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
