"""The output of the demo: progress on stderr, results on stdout."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analytics.clickhouse import address
from analytics.experiments.demo import application, latency, replay, shop
from analytics.experiments.demo.prepare import Place
from analytics.experiments.demo.send import Progress as Report
from analytics.experiments.demo.shop import Shop
from analytics.experiments.demo.thornton import EXPERIMENT, NOBODY, PUBLISHED, Arm, Person
from analytics.experiments.demo.watch import Stage

LOOK_FURTHER = ("heatmap", "cohorts", "funnel", "journey", "attribution", "revenue", "traffic")
EVERY = 2.0  # seconds between two lines of progress where there is no terminal


def say(line: str) -> None:
    """One line of progress."""
    Console(stderr=True, highlight=False).print(line, markup=False, soft_wrap=True)


def intention(people: Sequence[Person], *, resent: int) -> None:
    say(
        f"replaying Thornton (2008): {len(people):,} people, {application.rows(people):,} rows; "
        f"{replay.SINGLY} of them in commits of their own"
    )
    if resent:
        say(
            f"{resent:,} assignments exist from an earlier run: every row is sent again, "
            "and must count once"
        )


def shop_intention(happened: Shop) -> None:
    say(
        f"simulating {shop.EXPERIMENT}: {len(happened.visitors):,} visitors, "
        f"{len(happened.events):,} events; "
        f"{len(happened.of('corrected')):,} of them are corrected later, "
        f"{len(happened.of('deleted')):,} deleted, {len(happened.of('resent')):,} sent again"
    )


@contextmanager
def progress() -> Iterator[Report]:
    """A function that shows the stages: bars on a terminal, else a line from time to time."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _lines()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        yield _bars(bars)


def _bars(bars: Progress) -> Report:
    tasks = {}

    def report(stages: Sequence[Stage]) -> None:
        for stage in stages:
            if stage.name not in tasks:
                tasks[stage.name] = bars.add_task(stage.name, total=stage.expected)
            bars.update(tasks[stage.name], completed=stage.expected - stage.lacks)

    return report


def _lines() -> Report:
    begun = time.monotonic()
    last = begun - EVERY

    def report(stages: Sequence[Stage]) -> None:
        nonlocal last
        now = time.monotonic()
        if now < last + EVERY and any(stage.lacks for stage in stages):
            return
        last = now
        done = ", ".join(f"{s.name} {s.expected - s.lacks:,}/{s.expected:,}" for s in stages)
        say(f"{now - begun:5.1f} s  {done}")

    return report


def outcome(arms: Mapping[str, Arm], latencies: Sequence[float], *, resent: int) -> None:
    """Print the arms in ClickHouse beside the published ones, and the latencies."""
    again = "; sent again, counted once" if resent else ""
    table = Table(title=f"{EXPERIMENT}, read from ClickHouse{again}", box=None)
    for name in ("variant", "users", "converted", "rate", "dollars", "published"):
        table.add_column(name, justify="left" if name == "variant" else "right")
    table.add_column("")
    for variant, published in PUBLISHED.items():
        table.add_row(*_cells(variant, arms.get(variant, NOBODY), published))
    console = Console(highlight=False)
    console.print(table)
    console.print(_latency(latencies), soft_wrap=True)


def _cells(variant: str, arm: Arm, published: tuple[int, int]) -> Iterator[str]:
    users, converted = published
    yield variant
    yield f"{arm.users:,}"
    yield f"{arm.converted:,}"
    yield f"{arm.rate:.1%}"
    yield f"{arm.revenue:,.2f}"
    yield f"{converted:,} / {users:,}, {converted / users:.1%}"
    yield "same" if (arm.users, arm.converted) == published else "different"


def _latency(latencies: Sequence[float]) -> str:
    figures = ", ".join(
        f"p{percent} {latency.percentile(latencies, percent):,.0f} ms" for percent in (50, 90, 99)
    )
    return f"commit to visible in events_processed: {figures} ({len(latencies)} single commits)"


def findings(lines: Sequence[str]) -> None:
    for finding in lines:
        say(f"error: {finding}")
    if not lines:
        say("nothing is missing, doubled or different")


def next_steps(place: Place) -> None:
    """Print the commands to try next, ready to paste."""
    url = address.sqlalchemy_url(place.settings)
    scheme = url.query.get("protocol", "http")
    user = f" -u {shlex.quote(url.username or '')}" if url.password else ""
    query = (
        "SELECT variant_id, hour, uniqExactMerge(users) AS people "
        "FROM experiment_hourly_stats "
        "GROUP BY variant_id, hour ORDER BY variant_id, hour FORMAT PrettyCompact"
    )
    server = f"{scheme}://{url.host}:{url.port or 8123}/?database={url.database}"
    say("\ntry next:")
    say(f'  curl -s{user} "{server}" --data-binary "{query}"')
    for report in LOOK_FURTHER:
        say(f"  analytics report {report} {shop.EXPERIMENT}")
    say("  analytics history")
    if place.local:
        say("  analytics local status")
        say("  analytics local down    # the stack stays up until then; its data stay, too")
