"""The traffic while a view is changed: a writer of events, every tenth by a bot, and a reader.

Each has its own thread and its own connection.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from sqlalchemy import Connection

from analytics.errors import AnalyticsError
from analytics.experiments import connection
from analytics.settings import Settings

RATE = 200  # events a second
BOTS = 10  # of so many events one is a bot's
PAUSE = 0.02  # seconds between two portions, and between two looks

INSERT = """
    INSERT INTO experiments.events
        (id, experiment_id, user_id, variant_id, event_type, timestamp, assignment_at, properties)
    VALUES (%s, %s, %s, 'only', 'page_view', %s, NULL, %s)
"""
INSERT_EXPERIMENT = """
    INSERT INTO experiments.experiments (id, name, status, started_at)
    VALUES (%s, 'Change a view under traffic', 'running', now())
"""
INSERT_VARIANT = """
    INSERT INTO experiments.variants (experiment_id, id, name, is_control, allocation)
    VALUES (%s, 'only', 'only', true, 1)
"""
INSERT_USERS = """
    INSERT INTO experiments.users (id, country)
    SELECT %s || '-' || number, 'MW' FROM generate_series(0, 96) AS number
"""
COUNTS = """
    SELECT
        (SELECT uniqExact(event_id) FROM events_processed WHERE experiment_id = :experiment),
        (SELECT uniqExactMerge(events) FROM experiment_hourly_stats
            WHERE experiment_id = :experiment),
        (SELECT uniqExactMerge(events) FROM experiment_daily_stats
            WHERE experiment_id = :experiment)
"""


@dataclass
class Traffic:
    """The experiment that is written and read, and the numbers of both until now."""

    experiment: str = field(default_factory=lambda: f"live-{secrets.token_hex(4)}")
    people: int = 0  # events
    bots: int = 0  # events
    looks: int = 0
    errors: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def sent(self) -> int:
        """All events."""
        return self.people + self.bots


def counts(target: Connection, traffic: Traffic) -> tuple[int, int, int]:
    """The number of events that arrived, in the hourly statistics, and in the daily ones."""
    ((events, hourly, daily),) = connection.select(target, COUNTS, experiment=traffic.experiment)
    return int(events), int(hourly), int(daily)


@contextmanager
def running(settings: Settings, traffic: Traffic) -> Iterator[None]:
    """Write and read while the block runs; the experiment is written before the first event."""
    threads = [
        threading.Thread(target=work, args=(settings, traffic), daemon=True)
        for work in (_write, _read)
    ]
    with connection.postgres(settings) as source, source.transaction():
        source.execute(INSERT_EXPERIMENT, (traffic.experiment,))
        source.execute(INSERT_VARIANT, (traffic.experiment,))
        source.execute(INSERT_USERS, (traffic.experiment,))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        traffic.stop.set()
        for thread in threads:
            thread.join()


def _write(settings: Settings, traffic: Traffic) -> None:
    began = time.monotonic()
    try:
        with connection.postgres(settings) as source:
            while not traffic.stop.wait(PAUSE):
                due = int((time.monotonic() - began) * RATE) - traffic.sent
                if due > 0:
                    _write_some(source, traffic, due)
    except AnalyticsError as error:
        traffic.errors.append(str(error))


def _write_some(source: psycopg.Connection, traffic: Traffic, due: int) -> None:
    now = datetime.now(UTC)
    numbers = range(traffic.sent, traffic.sent + due)
    rows = [
        (
            uuid4(),
            traffic.experiment,
            f"{traffic.experiment}-{number % 97}",
            now,
            json.dumps({"page": "home", "bot": number % BOTS == 0}),
        )
        for number in numbers
    ]
    with source.transaction(), source.cursor() as cursor:
        cursor.executemany(INSERT, rows)
    bots = sum(number % BOTS == 0 for number in numbers)
    traffic.bots, traffic.people = traffic.bots + bots, traffic.people + due - bots


def _read(settings: Settings, traffic: Traffic) -> None:
    with connection.clickhouse(settings) as target:
        while not traffic.stop.wait(PAUSE):
            try:
                counts(target, traffic)
            except Exception as error:  # any error here is one that a reader saw
                traffic.errors.append(" ".join(str(error).split()))
            traffic.looks += 1
