"""The heat map for people: days by hours, with a shade for the number of events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from analytics.experiments.reports import cells

Record = Mapping[str, Any]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = ("··", "░░", "▒▒", "▓▓", "██")
HOURS = 24


def maps(records: Sequence[Record]) -> Iterator[RenderableType]:
    """A map for each page and variant; the variants of a page share their shades."""
    for page, of_page in groupby(records, key=lambda record: record["page"]):
        page_records = list(of_page)
        peak = max(record["events"] for record in page_records)
        yield Text(f"page {cells.printable(page)}: {_legend(peak)}", style="bold")
        for variant, of_variant in groupby(page_records, key=lambda record: record["variant_id"]):
            events = {(r["dow"], r["hour"]): r["events"] for r in of_variant}
            yield Text(f"variant {cells.printable(variant)}: {sum(events.values()):,} events")
            yield _map(events, peak)


def _map(events: Mapping[tuple[int, int], int], peak: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("")
    for hour in range(HOURS):
        table.add_column(f"{hour:02d}", no_wrap=True)
    for dow, day in enumerate(DAYS, start=1):
        counts = (events.get((dow, hour), 0) for hour in range(HOURS))
        table.add_row(day, *(_shade(count, peak) for count in counts))
    return table


def _shade(count: int, peak: int) -> str:
    """One of five shades: no events, then one for each quarter of the peak."""
    return SHADES[-(-4 * count // peak)] if peak else SHADES[0]


def _legend(peak: int) -> str:
    """The meaning of each shade; a low peak needs fewer shades."""
    quarters = len(SHADES) - 1
    ends = [peak * n // quarters for n in range(quarters + 1)]
    spans = [
        f"{SHADES[n]} {_span(ends[n - 1] + 1, ends[n])}"
        for n in range(1, quarters + 1)
        if ends[n] > ends[n - 1]
    ]
    return ", ".join([f"{SHADES[0]} none", *spans])


def _span(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,}-{last:,}"
