"""The application of the simulated shop: the rows that it writes to PostgreSQL, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from analytics.experiments.demo import shop
from analytics.experiments.demo.application import INSERT_ASSIGNMENT, INSERT_VARIANT
from analytics.experiments.demo.shop import (
    ALLOCATIONS,
    CONTROL,
    EXPERIMENT,
    NAME,
    Event,
    Shop,
    Visitor,
)
from analytics.experiments.demo.visits import DAYS

A_COMMIT = 2000  # events

# the start of the first run stays, and so do all times
INSERT_EXPERIMENT = """
    INSERT INTO experiments.experiments (id, name, status, started_at)
    VALUES (%s, %s, 'running', %s)
    ON CONFLICT (id) DO UPDATE SET updated_at = now()
    RETURNING started_at
"""
INSERT_USER = """
    INSERT INTO experiments.users (id, country)
    VALUES (%s, %s)
    ON CONFLICT (id) DO UPDATE SET country = excluded.country
"""
INSERT_EVENT = """
    INSERT INTO experiments.events
        (id, experiment_id, user_id, variant_id, event_type, timestamp, session_id, properties)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET properties = excluded.properties
"""
DELETE_EVENT = "DELETE FROM experiments.events WHERE id = %s"


def announce(connection: psycopg.Connection) -> datetime:
    """Write the shop if it is new; the time until which its visitors came, in the first run now."""
    variants = [(EXPERIMENT, v, v, v == CONTROL, share) for v, share in ALLOCATIONS.items()]
    started = datetime.now(UTC) - timedelta(days=DAYS)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(INSERT_EXPERIMENT, (EXPERIMENT, NAME, started))
        row = cursor.fetchone()
        cursor.executemany(INSERT_VARIANT, variants)
    return (row[0] if row else started) + timedelta(days=DAYS)


def write(connection: psycopg.Connection, happened: Shop) -> None:
    """Write the rows that came in time, mistakes included, then those that came late."""
    _insert_visitors(connection, [v for v in happened.visitors if not v.late])
    mistakes = map(shop.mistaken, happened.of("corrected"))
    _insert_events(connection, (*happened.of("plain", "resent", "deleted"), *mistakes))
    _insert_visitors(connection, [v for v in happened.visitors if v.late])
    _insert_events(connection, happened.of("late"))


def amend(connection: psycopg.Connection, happened: Shop) -> None:
    """Correct the mistakes, send some events again unchanged, delete others."""
    _insert_events(connection, happened.of("corrected", "resent"))
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(DELETE_EVENT, [(event.id,) for event in happened.of("deleted")])


def _insert_visitors(connection: psycopg.Connection, visitors: Sequence[Visitor]) -> None:
    assigned = [_assignment(visitor) for visitor in visitors if visitor.assigned_at]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(INSERT_USER, [(v.user_id, v.country) for v in visitors])
        cursor.executemany(INSERT_ASSIGNMENT, assigned)


def _insert_events(connection: psycopg.Connection, events: Iterable[Event]) -> None:
    rows = [_event(event) for event in events]
    for start in range(0, len(rows), A_COMMIT):
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(INSERT_EVENT, rows[start : start + A_COMMIT])


def _assignment(visitor: Visitor) -> tuple[Any, ...]:
    user = visitor.user_id, visitor.variant
    return visitor.assignment_id, EXPERIMENT, *user, visitor.assigned_at


def _event(event: Event) -> tuple[Any, ...]:
    user = EXPERIMENT, event.visitor.user_id, event.visitor.variant
    return event.id, *user, event.kind, event.at, event.session, Jsonb(event.properties)
