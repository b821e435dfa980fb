"""The application's part: people are assigned, see the offer and convert, a commit at a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from analytics.experiments.demo.thornton import ALLOCATIONS, CONTROL, EXPERIMENT, NAME, Person

FIRST = 20  # people who must be through before the others are sent
SINGLY = 300  # people after them whose commits are timed
PACE = 40  # of their commits a second
HANDFUL = 4  # people per commit otherwise

# Whatever is there already is written again, as by an application that retries: the row is
# captured anew, and the times of its first writing stay.
INSERT_EXPERIMENT = """
    INSERT INTO experiments.experiments (id, name, status, started_at)
    VALUES (%s, %s, 'running', now())
    ON CONFLICT (id) DO UPDATE SET updated_at = now()
"""
INSERT_VARIANT = """
    INSERT INTO experiments.variants (experiment_id, id, name, is_control, allocation)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (experiment_id, id) DO UPDATE SET allocation = excluded.allocation
"""
INSERT_USER = """
    INSERT INTO experiments.users (id, country)
    VALUES (%s, 'MW')
    ON CONFLICT (id) DO UPDATE SET country = excluded.country
"""
INSERT_ASSIGNMENT = """
    INSERT INTO experiments.assignments (id, experiment_id, user_id, variant_id, assigned_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET context = excluded.context
"""
INSERT_EVENT = """
    INSERT INTO experiments.events
        (id, experiment_id, user_id, variant_id, event_type, timestamp, assignment_at, properties)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET properties = excluded.properties
"""


@dataclass(frozen=True)
class Commit:
    """One commit: when it was confirmed (monotonic seconds), and who was in it."""

    at: float
    people: Sequence[Person]
    timed: bool  # one person's, whose latency is measured

    @property
    def rows(self) -> int:
        return rows(self.people)


def rows(people: Iterable[Person]) -> int:
    """Rows that are captured: one per assignment, by way of the outbox, and one per event."""
    return sum(1 + len(person.events) for person in people)


def earlier(connection: psycopg.Connection) -> int:
    """How many assignments an earlier run has left."""
    query = "SELECT count(*) FROM experiments.assignments WHERE experiment_id = %s"
    return _number(connection, query, EXPERIMENT)


def position(connection: psycopg.Connection) -> int:
    """Where the write-ahead log ends now: what is written later has a higher version."""
    return _number(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


def announce(connection: psycopg.Connection) -> None:
    """The experiment and its variants are there before anybody is assigned."""
    variants = [(EXPERIMENT, v, v, v == CONTROL, share) for v, share in ALLOCATIONS.items()]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(INSERT_EXPERIMENT, (EXPERIMENT, NAME))
        cursor.executemany(INSERT_VARIANT, variants)


def first(people: Sequence[Person]) -> Sequence[Person]:
    return people[:FIRST]


def commit_first(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    """Write the first few, so that what comes after them meets a pipeline that runs."""
    yield from _by_the_handful(connection, first(people), stop)


def commit_rest(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    """Write all others: some singly at an application's pace, the rest by the handful."""
    rest = people[FIRST:]
    yield from _singly(connection, rest[:SINGLY], stop)
    yield from _by_the_handful(connection, rest[SINGLY:], stop)


def _singly(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    begun = time.monotonic()
    for number, person in enumerate(people):
        if stop.wait(max(0.0, begun + number / PACE - time.monotonic())):
            return
        yield _commit(connection, (person,), timed=True)


def _by_the_handful(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    for number in range(0, len(people), HANDFUL):
        if stop.is_set():
            return
        yield _commit(connection, people[number : number + HANDFUL], timed=False)


def _commit(connection: psycopg.Connection, people: Sequence[Person], *, timed: bool) -> Commit:
    assigned_at = datetime.now(UTC) - timedelta(seconds=2)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(INSERT_USER, [(person.user_id,) for person in people])
        cursor.executemany(INSERT_ASSIGNMENT, [_assignment(p, assigned_at) for p in people])
        cursor.executemany(INSERT_EVENT, [e for p in people for e in _events(p, assigned_at)])
    return Commit(time.monotonic(), people, timed)


def _assignment(person: Person, assigned_at: datetime) -> tuple[Any, ...]:
    return person.id("assignment"), EXPERIMENT, person.user_id, person.variant, assigned_at


def _events(person: Person, assigned_at: datetime) -> Iterator[tuple[Any, ...]]:
    """The person's events, a second apart from each other and from the assignment."""
    who = (EXPERIMENT, person.user_id, person.variant)
    for number, kind in enumerate(person.events, start=1):
        properties = {"value": float(person.dollars)} if kind == "conversion" else {}
        when = assigned_at + timedelta(seconds=number)
        yield person.id(kind), *who, kind, when, assigned_at, Jsonb(properties)


def _number(connection: psycopg.Connection, query: LiteralString, *values: str) -> int:
    return sum(int(row[0]) for row in connection.execute(query, values))
