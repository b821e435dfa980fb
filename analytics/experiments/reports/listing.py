"""Reports for people: a line for each row, or a column for each variant."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from analytics.experiments.reports import cells
from analytics.experiments.reports.report import Report

Record = Mapping[str, Any]
GAP = 2  # blanks between columns


def lines(report: Report, records: Sequence[Record], *, width: int) -> Iterator[RenderableType]:
    """A line for each row; the last columns that do not fit are left out, and named."""
    columns = [_column(name, records) for name in report.shown]
    fitting = _fitting([wide for wide, _ in columns], width)
    table = _empty()
    for name, (wide, right) in zip(report.shown[:fitting], columns, strict=False):
        header = textwrap.fill(cells.heading(name), wide)
        table.add_column(Text(header), justify="right" if right else "left", no_wrap=True)
    for record in records:
        table.add_row(*(Text(cells.text(name, record[name])) for name in report.shown[:fitting]))
    yield table
    if report.shown[fitting:]:
        yield "too wide: " + ", ".join(map(cells.heading, report.shown[fitting:]))


def beside(report: Report, records: Sequence[Record], *, width: int) -> Iterator[RenderableType]:
    """A line for each measure, a column for each variant; as many variants in a block as fit."""
    label = max(len(cells.heading(name)) for name in report.shown)
    shown = ("variant_id", *report.shown)
    widest = max(len(cells.text(name, record[name])) for name in shown for record in records)
    at_once = max(1, (width - label) // (widest + GAP))
    for start in range(0, len(records), at_once):
        yield _block(report, records[start : start + at_once])


def _block(report: Report, records: Sequence[Record]) -> Table:
    table = _empty()
    table.add_column("variant")
    for record in records:
        variant = cells.text("variant_id", record["variant_id"])
        table.add_column(Text(variant), justify="right", overflow="fold")
    for name in report.shown:
        values = (cells.text(name, record[name]) for record in records)
        table.add_row(cells.heading(name), *map(Text, values))
    return table


def _empty() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))


def _column(name: str, records: Sequence[Record]) -> tuple[int, bool]:
    """The width that a column needs, and whether it holds numbers."""
    texts = [cells.text(name, record[name]) for record in records]
    word = max(map(len, cells.heading(name).split()))
    right = any(cells.is_number(record[name]) for record in records)
    return max(word, *map(len, texts)), right


def _fitting(widths: Sequence[int], width: int) -> int:
    """The number of columns that fit, counted from the first; at least one."""
    ends = (sum(widths[: n + 1]) + n * GAP for n in range(len(widths)))
    return max(1, sum(end <= width for end in ends))
