"""Writing, measuring and watching at the same time, each on a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import psycopg

from analytics.demo import latency, replay, stores, watch
from analytics.demo.replay import Commit
from analytics.demo.thornton import Person
from analytics.demo.watch import Ends, Mark, Stage
from analytics.errors import NotHealthy
from analytics.settings import Settings

LOOK = 0.5  # seconds between two looks at the stages

Progress = Callable[[Sequence[Stage]], None]


@dataclass(frozen=True)
class Sending:
    """What the threads share; `commits` grows while they run."""

    settings: Settings
    source: psycopg.Connection
    ends: Ends
    people: Sequence[Person]
    start: Mark
    commits: list[Commit] = field(default_factory=list)
    stop: Event = field(default_factory=Event)


def send(sending: Sending, *, timeout: float, progress: Progress) -> list[float]:
    """Write everybody and wait until all is through; the latencies in milliseconds.

    NotHealthy if something lacks `timeout` seconds after the last commit.
    """
    with ThreadPoolExecutor(2) as pool:
        writing, measuring = pool.submit(_write, sending), pool.submit(_measure, sending)
        try:
            _follow(sending, (writing, measuring), timeout=timeout, progress=progress)
        finally:
            sending.stop.set()
            if not writing.done():
                with suppress(psycopg.Error):
                    sending.source.cancel_safe(timeout=5)
    return measuring.result()


def _write(sending: Sending) -> None:
    sending.commits.extend(replay.commits(sending.source, sending.people, sending.stop))


def _measure(sending: Sending) -> list[float]:
    with stores.clickhouse(sending.settings) as target:
        return latency.measure(
            target, sending.commits, version=sending.start.version, stop=sending.stop
        )


def _follow(
    sending: Sending, work: Sequence[Future[Any]], *, timeout: float, progress: Progress
) -> None:
    """Show the stages until all are through and all threads are done."""
    begun = time.monotonic()
    while True:
        running = [each for each in work if not _ended_well(each)]
        stages = watch.stages(
            sending.ends, sending.start, commits=tuple(sending.commits), people=sending.people
        )
        progress(stages)
        lacking = [stage for stage in stages if stage.lacks]
        if not lacking and not running:
            return
        last = sending.commits[-1].at if sending.commits else begun
        if time.monotonic() > last + timeout:
            raise _too_late(lacking, timeout)
        sending.stop.wait(LOOK)


def _ended_well(work: Future[Any]) -> bool:
    """Whether a thread is done; what ended it badly is raised here."""
    if work.done():
        work.result()
    return work.done()


def _too_late(lacking: Sequence[Stage], timeout: float) -> NotHealthy:
    lacks = ", ".join(f"{each.name} lacks {each.lacks:,} of {each.expected:,}" for each in lacking)
    return NotHealthy(
        f"{timeout:.0f} s after the last commit {lacks or 'the latency is not measured'}",
        "look at `analytics local status` and the first stage that lacks, then run the demo again",
    )
