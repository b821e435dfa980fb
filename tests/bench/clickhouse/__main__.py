"""The bench of ClickHouse: how fast it takes messages in and reports, beside the reference's SQL.

`make bench`, or `python -m tests.bench.clickhouse --events 200000` for a first look. Both sides
run in an embedded server each, on the same messages, in turn: what is to be read are the ratios.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.clickhouse import ingest, reports, server, sides
from tests.bench.clickhouse.server import Server

EVENTS = 2_000_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="messages (%(default)s)")
    return parser.parse_args()


def ingest_table(ours: Server, reference: Server, events: int) -> Table:
    """A tenth of the events comes in one INSERT, the others in two at once."""
    table = Table("ingest", "ours", "reference", "ratio", title=f"{events:,} events, events/s")
    tenth, half = events // 10, events * 11 // 20
    for name, bounds in (("1 INSERT", (0, tenth)), ("2 INSERTs", (tenth, half, events))):
        mine, theirs = ingest.rate(ours, bounds), ingest.rate(reference, bounds)
        table.add_row(name, f"{mine:,.0f}", f"{theirs:,.0f}", f"{mine / theirs:.2f}")
    return table


def reports_table(ours: Server, reference: Server) -> Table:
    """The ratio is of the best runs: how many times as long the reference takes."""
    table = Table(
        *("report of one experiment", "ours: best", "median", "reads"),
        *("reference: best", "median", "ratio"),
        title=f"{reports.RUNS} runs in turn, ms",
    )
    for pair in (*reports.REPORTS.items(), *reports.KEPT_FACTS.items()):
        mine, theirs = reports.compare(ours, reference, pair)
        shown = [pair[0] if pair[1] in (None, pair[0]) else " / ".join(map(str, pair))]
        shown += [f"{1000 * mine.best:.0f}", f"{1000 * mine.median:.0f}"]
        shown += [f"{mine.read / 1e6:.1f} MB"]
        if theirs.seconds:
            shown += [f"{1000 * theirs.best:.0f}", f"{1000 * theirs.median:.0f}"]
            shown += [f"{theirs.best / mine.best:.1f}"]
        table.add_row(*shown)
    return table


def measure(ours: Server, reference: Server, events: int) -> None:
    """Build, fill, compare, print."""
    console, progress = Console(width=110), Console(stderr=True)
    sides.ours(ours)
    sides.reference(reference)
    for side in (ours, reference):
        progress.print(f"{events:,} messages are made for {side.database}", highlight=False)
        ingest.stage(side, events)
    progress.print("they are taken in, then each report is read in turn")
    console.print(ingest_table(ours, reference, events))
    console.print(f"{reports.check(ours, reference)} counts agree", highlight=False)
    console.print(reports_table(ours, reference))


def main() -> None:
    """Two servers in a temporary folder, for as long as it takes."""
    events = arguments().events
    if events < 20_000:
        sys.exit(f"--events {events} leaves experiments without users: take 20000 or more")
    with (
        tempfile.TemporaryDirectory(prefix="analytics-bench-") as folder,
        server.started(Path(folder) / "ours", "ours") as ours,
        server.started(Path(folder) / "reference", "reference") as reference,
    ):
        measure(ours, reference, events)


if __name__ == "__main__":
    main()
