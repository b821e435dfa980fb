"""The record of releases of both stores, with the heads before and after; kept beside the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from analytics.journal.entry import Direction

Heads = Mapping[str, Sequence[str]]  # of each history

CREATE = """
CREATE TABLE IF NOT EXISTS analytics_releases (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    direction text NOT NULL,
    undoes    bigint,
    before    jsonb NOT NULL,
    after     jsonb NOT NULL,
    plan      text NOT NULL,
    who       text NOT NULL,
    began     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended     timestamptz,
    stopped   text
)"""

# a table of before 0.1.0 has no such column
COMPLETE = "ALTER TABLE analytics_releases ADD COLUMN IF NOT EXISTS stopped text"

EXISTS = "SELECT to_regclass('analytics_releases') IS NOT NULL"

ALL = """
SELECT
    id, direction, undoes, before, after, plan, who, began, ended,
    coalesce(to_jsonb(each) ->> 'stopped', '') AS stopped
FROM analytics_releases AS each
ORDER BY id"""

BEGIN = """
INSERT INTO analytics_releases (direction, undoes, before, after, plan, who)
VALUES (%s, %s, %s, %s, %s, %s)
RETURNING id"""

GO_ON = """
UPDATE analytics_releases
SET after = %s, plan = %s, who = %s, stopped = NULL
WHERE id = %s"""

STOP = "UPDATE analytics_releases SET stopped = %s WHERE id = %s"

END = "UPDATE analytics_releases SET ended = clock_timestamp() WHERE id = %s"


@dataclass(frozen=True)
class Release:
    """A release of both stores; its heads are those of `after` when it has ended."""

    id: int
    direction: str  # a Direction
    undoes: int | None  # the release that it reverts
    before: Heads
    after: Heads
    plan: str  # its fingerprint
    who: str
    began: datetime
    ended: datetime | None
    stopped: str = ""  # the reason why it has stopped, if a run could still write it down


def everything(connection: psycopg.Connection) -> list[Release]:
    """All releases, the oldest first; none if there was never one."""
    row = connection.execute(EXISTS).fetchone()
    if not (row and row[0]):
        return []
    with connection.cursor(row_factory=class_row(Release)) as cursor:
        return cursor.execute(ALL).fetchall()


def begin(
    connection: psycopg.Connection,
    direction: Direction,
    *,
    undoes: int | None,
    before: Heads,
    after: Heads,
    plan: str,
    who: str,
) -> int:
    """Record that a release begins; returns its number."""
    connection.execute(CREATE)
    connection.execute(COMPLETE)
    values = [direction, undoes, Jsonb(dict(before)), Jsonb(dict(after)), plan, who]
    row = connection.execute(BEGIN, values).fetchone()
    assert row is not None
    return int(row[0])


def go_on(
    connection: psycopg.Connection, release: int, *, after: Heads, plan: str, who: str
) -> None:
    """Record that a release which had stopped continues."""
    connection.execute(COMPLETE)
    connection.execute(GO_ON, [Jsonb(dict(after)), plan, who, release])


def stop(connection: psycopg.Connection, release: int, why: str) -> None:
    """Record why a release has stopped."""
    connection.execute(STOP, [why, release])


def end(connection: psycopg.Connection, release: int) -> None:
    """Record that a release has reached its end."""
    connection.execute(END, [release])
