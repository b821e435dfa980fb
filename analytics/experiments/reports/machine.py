"""Reports for machines: all rows and all columns, as JSON or CSV, written as they come."""

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
    """A list of objects, one a line; decimals keep their digits, and NaN is null like NULL."""
    names = [json.dumps(name) for name in rows.columns]
    before = "[\n"
    for row in rows.values:
        pairs = zip(names, map(_json, row), strict=True)
        out.write(before + "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}")
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def write_csv(rows: Rows, out: TextIO) -> None:
    """A line of names, then the rows, as RFC 4180 says; what JSON has as null is empty."""
    writer = csv.writer(out)
    writer.writerow(rows.columns)
    writer.writerows(map(_csv, row) for row in rows.values)


WRITERS: dict[str, Callable[[Rows, TextIO], None]] = {"json": write_json, "csv": write_csv}


def _json(value: Any) -> str:
    """As JSON text; a Decimal is a number whose digits all stand there."""
    value = _plain(value)
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value)


def _csv(value: Any) -> str:
    value = _plain(value)
    return "" if value is None else value if isinstance(value, str) else _json(value)


def _plain(value: Any) -> Any:
    """Times as text in UTC, and None for what is no number."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
