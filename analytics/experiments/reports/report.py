"""A report: a view of ClickHouse, and the way in which people see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """One view; `shown` begins with the main columns: a narrow terminal leaves out the last."""

    name: str  # as on the command line
    view: str
    title: str
    shown: tuple[str, ...]
    order: tuple[str, ...]
    layout: str = "listing"  # or "beside": a column for each variant, or "heatmap"
    unit: int = 1  # rows that are shown as one thing: a line, a column, a map
