"""`analytics demo --change-live`: a view changes its mind under traffic, and changes it back.

Revision 0018 leaves bots out of the hourly and daily counts. Events are written to PostgreSQL all
the while, every tenth by a bot, and a reader asks for the counts without a pause.
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

from analytics import release
from analytics.errors import AnalyticsError, NotHealthy
from analytics.experiments import connection
from analytics.experiments.demo import show
from analytics.experiments.demo.prepare import prepare
from analytics.journal import Direction
from analytics.settings import Settings
from analytics.watch import Watch

WITH, WITHOUT = "clickhouse@0017", "clickhouse@0018"  # bots
RATE = 200  # events a second
BOTS = 10  # every so many is a bot's
WHILE = 3.0  # seconds of traffic between the changes

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
    """What is written and read meanwhile."""

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


def run(timeout: float) -> int:
    """Change and change back under traffic; 0 if every event is counted as it should be, else 1."""
    settings = prepare(show.say).settings
    _move(settings, Direction.DOWN, WITH)
    traffic = Traffic()
    with connection.clickhouse(settings) as target:
        with _running(settings, traffic):
            _wait(target, traffic, "before: bots are counted")
            _move(settings, Direction.UP, WITHOUT)
            _wait(target, traffic, "after: bots are left out, of history, too")
            _move(settings, Direction.DOWN, WITH)
            _wait(
                target, traffic, "after the downgrade: bots are counted, also of the time between"
            )
        findings = _arrived(target, traffic, timeout, expected=traffic.sent)
        _move(settings, Direction.UP, WITHOUT)
        findings += _arrived(target, traffic, timeout, expected=traffic.people)
    show.say(f"a reader asked {traffic.looks:,} times meanwhile; errors: {len(traffic.errors)}")
    findings += traffic.errors[:3]
    show.findings(findings)
    return 1 if findings else 0


def _move(settings: Settings, direction: Direction, target: str) -> None:
    """One release."""
    began = time.monotonic()
    watch = Watch(lambda line: show.say(f"  {line}"))
    release.run(settings, direction, (target,), watch=watch, planned=lambda _: None)
    show.say(f"{direction} to {target}: {time.monotonic() - began:.1f} s")


@contextmanager
def _running(settings: Settings, traffic: Traffic) -> Iterator[None]:
    threads = [
        threading.Thread(target=work, args=(settings, traffic), daemon=True)
        for work in (_write, _read)
    ]
    with connection.postgres(settings) as source, source.transaction():
        source.execute(INSERT_EXPERIMENT, (traffic.experiment,))
        source.execute(INSERT_VARIANT, (traffic.experiment,))
        source.execute(INSERT_USERS, (traffic.experiment,))
    show.say(f"{RATE} events a second are written for {traffic.experiment}, every tenth by a bot")
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
            while not traffic.stop.wait(0.02):
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
        while not traffic.stop.wait(0.02):
            try:
                _counts(target, traffic)
            except Exception as error:  # whatever it is, a reader saw it
                traffic.errors.append(" ".join(str(error).split()))
            traffic.looks += 1


def _counts(target: Connection, traffic: Traffic) -> tuple[int, int, int]:
    ((events, hourly, daily),) = connection.select(target, COUNTS, experiment=traffic.experiment)
    return int(events), int(hourly), int(daily)


def _wait(target: Connection, traffic: Traffic, when: str) -> None:
    time.sleep(WHILE)
    events, hourly, daily = _counts(target, traffic)
    show.say(
        f"{when}: sent {traffic.sent:,} ({traffic.bots:,} by bots), "
        f"arrived {events:,}, by the hour {hourly:,}, by the day {daily:,}"
    )


def _arrived(target: Connection, traffic: Traffic, timeout: float, *, expected: int) -> list[str]:
    """Findings in the counts when all has arrived; NotHealthy if it does not."""
    deadline = time.monotonic() + timeout
    while (found := _counts(target, traffic))[0] < traffic.sent:
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"{traffic.sent - found[0]:,} events have not arrived after {timeout:g} s",
                "look at system.kafka_consumers and rejected_messages in ClickHouse",
            )
        time.sleep(0.2)
    time.sleep(1)
    events, hourly, daily = _counts(target, traffic)
    show.say(f"at rest: {events:,} events, by the hour {hourly:,}, by the day {daily:,}")
    if (events, hourly, daily) == (traffic.sent, expected, expected):
        return []
    return [f"{expected:,} were to be counted of {traffic.sent:,} events, as often by hour and day"]
