"""The application of the replayed experiment: the rows that it writes, a commit at a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from analytics.experiments.demo.thornton import ALLOCATIONS, CONTROL, EXPERIMENT, NAME, Person

# A row that exists is written again, as by an application that retries: it is captured again,
# and the times of its first writing stay.
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
    """One commit: the time of its confirmation (monotonic seconds), and its people."""

    at: float
    people: Sequence[Person]
    timed: bool  # one person's, whose latency is measured

    @property
    def rows(self) -> int:
        return rows(self.people)


def rows(people: Iterable[Person]) -> int:
    """The number of captured rows: one for each assignment, through the outbox, and each event."""
    return sum(1 + len(person.events) for person in people)


def announce(connection: psycopg.Connection) -> None:
    """Write the experiment and its variants, before the first assignment."""
    variants = [(EXPERIMENT, v, v, v == CONTROL, share) for v, share in ALLOCATIONS.items()]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(INSERT_EXPERIMENT, (EXPERIMENT, NAME))
        cursor.executemany(INSERT_VARIANT, variants)


def write(connection: psycopg.Connection, people: Sequence[Person], *, timed: bool) -> Commit:
    """One commit with the users, assignments and events of these people."""
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
    user = (EXPERIMENT, person.user_id, person.variant)
    for number, kind in enumerate(person.events, start=1):
        properties = {"value": float(person.dollars)} if kind == "conversion" else {}
        when = assigned_at + timedelta(seconds=number)
        yield person.id(kind), *user, kind, when, assigned_at, Jsonb(properties)
