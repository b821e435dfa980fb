"""The sending: writing, measuring and watching at the same time, each on its own thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import psycopg

from analytics.experiments import connection
from analytics.experiments.demo import latency, replay, watch
from analytics.experiments.demo.application import Commit
from analytics.experiments.demo.thornton import Person
from analytics.experiments.demo.watch import Ends, Mark, Stage
from analytics.settings import Settings

LOOK = 0.5  # seconds between two looks at the stages

Progress = Callable[[Sequence[Stage]], None]


@dataclass(frozen=True)
class Sending:
    """The data that the threads share; `commits` grows while they run."""

    settings: Settings
    source: psycopg.Connection
    ends: Ends
    people: Sequence[Person]
    start: Mark
    commits: list[Commit] = field(default_factory=list)
    stop: Event = field(default_factory=Event)


def send_first(sending: Sending, *, timeout: float) -> None:
    """Send a few people and wait until they have arrived; NotHealthy if rows are missing then."""
    source, people = sending.source, sending.people
    sending.commits.extend(replay.commit_first(source, people, sending.stop))
    for stages in _looks(sending, replay.first(people), timeout=timeout):
        if not watch.lacking(stages):
            return


def send_rest(sending: Sending, *, timeout: float, progress: Progress) -> list[float]:
    """Send all others and wait until all have arrived; the latencies in milliseconds.

    NotHealthy if rows are missing `timeout` seconds after the last commit.
    """
    with ThreadPoolExecutor(2) as pool:
        writing, measuring = pool.submit(_write, sending), pool.submit(_measure, sending)
        try:
            for stages in _looks(sending, sending.people, timeout=timeout):
                progress(stages)
                if all([_ended(writing), _ended(measuring)]) and not watch.lacking(stages):
                    break
        finally:
            sending.stop.set()
            _interrupt(sending.source, writing)
    return measuring.result()


def _write(sending: Sending) -> None:
    sending.commits.extend(replay.commit_rest(sending.source, sending.people, sending.stop))


def _measure(sending: Sending) -> list[float]:
    with connection.clickhouse(sending.settings) as target:
        return latency.measure(
            target, sending.commits, version=sending.start.version, stop=sending.stop
        )


def _looks(
    sending: Sending, people: Sequence[Person], *, timeout: float
) -> Iterator[tuple[Stage, ...]]:
    """The stages of these people from time to time, until the time-out after the last commit."""
    while True:
        commits = tuple(sending.commits)
        stages = watch.stages(sending.ends, sending.start, commits=commits, people=people)
        yield stages
        if commits and time.monotonic() > commits[-1].at + timeout:
            raise watch.too_late(stages, timeout)
        sending.stop.wait(LOOK)


def _interrupt(source: psycopg.Connection, writing: Future[None]) -> None:
    """Cancel a writer that waits for a lock: everything would wait for it."""
    if not writing.done():
        with suppress(psycopg.Error):
            source.cancel_safe(timeout=5)


def _ended(work: Future[Any]) -> bool:
    """Whether a thread is done; raises what the thread has raised."""
    if work.done():
        work.result()
    return work.done()
