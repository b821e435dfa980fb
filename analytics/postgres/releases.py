"""The record of releases in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from analytics.journal.entry import Direction
from analytics.journal.releases import Heads, Release

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
class PostgresReleases:
    """Implements `journal.releases.Releases` over a connection in autocommit."""

    connection: psycopg.Connection

    def everything(self) -> list[Release]:
        row = self.connection.execute(EXISTS).fetchone()
        if not (row and row[0]):
            return []
        with self.connection.cursor(row_factory=class_row(Release)) as cursor:
            return cursor.execute(ALL).fetchall()

    def begin(
        self,
        direction: Direction,
        *,
        undoes: int | None,
        before: Heads,
        after: Heads,
        plan: str,
        who: str,
    ) -> int:
        self.connection.execute(CREATE)
        self.connection.execute(COMPLETE)
        values = [direction, undoes, Jsonb(dict(before)), Jsonb(dict(after)), plan, who]
        row = self.connection.execute(BEGIN, values).fetchone()
        assert row is not None
        return int(row[0])

    def go_on(self, release: int, *, after: Heads, plan: str, who: str) -> None:
        self.connection.execute(COMPLETE)
        self.connection.execute(GO_ON, [Jsonb(dict(after)), plan, who, release])

    def stop(self, release: int, why: str) -> None:
        self.connection.execute(STOP, [why, release])

    def end(self, release: int) -> None:
        self.connection.execute(END, [release])
