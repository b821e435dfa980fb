"""A report on the terminal: title, tables, and the notes that are needed to read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType

from analytics.experiments.reports import cells, heatmap, listing
from analytics.experiments.reports.listing import Record
from analytics.experiments.reports.reading import Rows
from analytics.experiments.reports.report import Report


def show(report: Report, rows: Rows, *, experiment: str, limit: int) -> None:
    """Print the rows, and their total number if `limit`, with which they were read, left some out.

    Reads the rows, so it raises the errors of their connection.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(f"{cells.printable(experiment)}: {report.title}\n", soft_wrap=True)
    for part in parts(report, rows, limit=limit, width=console.width):
        console.print(part, soft_wrap=isinstance(part, str))


def parts(report: Report, rows: Rows, *, limit: int, width: int) -> Iterator[RenderableType]:
    """The parts below the title, from top to bottom."""
    records = list(rows.records())
    if not records:
        yield "no rows"
        return
    yield from _body(report, records, width)
    shown = len(records) // report.unit
    if shown == limit and (every := rows.total() // report.unit) > shown:
        yield f"\nthe first {shown:,} of {every:,}; --limit 0 shows all"
    yield from _warnings(records)


def _body(report: Report, records: Sequence[Record], width: int) -> Iterator[RenderableType]:
    if report.layout == "heatmap":
        return heatmap.maps(records)
    layout = listing.beside if report.layout == "beside" else listing.lines
    return layout(report, records, width=width)


def _warnings(records: Sequence[Record]) -> Iterator[str]:
    alert = next((record for record in records if record.get("srm_alert")), None)
    if alert:
        p = cells.text("srm_p_value", alert["srm_p_value"])
        yield f"\nDo not trust these numbers: users were not split as planned (sample ratio p {p})"
