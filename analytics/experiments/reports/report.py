"""A report: a view of ClickHouse, and how people are shown it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """One view; `shown` begins with what tells most, for a narrow terminal leaves out the last."""

    name: str  # as on the command line
    view: str
    title: str
    shown: tuple[str, ...]
    order: tuple[str, ...]
    layout: str = "listing"  # or "beside": a column for each variant, or "heatmap"
    unit: int = 1  # rows that are shown as one thing: a line, a column, a map
