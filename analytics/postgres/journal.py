"""The journal's table in PostgreSQL, written on the lock's connection: no rollback undoes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import psycopg
from psycopg.types.json import Jsonb

from analytics.journal.entry import REVISION, TABLE, Entry, entry

CREATE = """
CREATE TABLE IF NOT EXISTS {table} (
    seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run       text NOT NULL,
    revision  text NOT NULL,
    direction text NOT NULL,
    step      integer NOT NULL,
    state     text NOT NULL,
    kind      text NOT NULL,
    title     text NOT NULL,
    digest    text NOT NULL,
    query_id  text NOT NULL,
    detail    text NOT NULL,
    who       text NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp()
)"""

# A line about a whole revision may be lost in a crash of the server: the version, committed with
# it, holds the same fact. Any later line that may not be lost writes it to the disk as well.
APPEND = """
INSERT INTO {table}
    (run, revision, direction, step, state, kind, title, digest, query_id, detail, who, at)
SELECT run, revision, direction, step, state, kind, title, digest, query_id, detail, who, at
FROM set_config('synchronous_commit', %s, true),
     jsonb_populate_recordset(NULL::{table}, %s) WITH ORDINALITY
ORDER BY ordinality"""

READ = """
SELECT
    run, revision, direction, step, state, kind, title, digest, query_id, detail, who,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
FROM {table}
WHERE seq > %s AND starts_with(run, %s)
ORDER BY seq"""

LAST_END = "SELECT coalesce(max(seq), 0) FROM {table} WHERE step = 0 AND state = 'done'"

PRUNE = "DELETE FROM {table} WHERE seq <= %s AND at < %s"

EXISTS = "SELECT to_regclass('{table}') IS NOT NULL"


@dataclass(frozen=True)
class PostgresJournal:
    """Lines of the PostgreSQL history; the connection is in autocommit."""

    connection: psycopg.Connection
    table: str = TABLE

    def create(self) -> None:
        """Create the table if it does not exist."""
        self.connection.execute(self._sql(CREATE))

    def append(self, *lines: Entry) -> None:
        """Add lines in their order, all or none; when this returns they are committed."""
        may_be_lost = all(line.step == REVISION for line in lines)
        rows = [asdict(line) | {"at": f"{line.at}+00"} for line in lines]
        self.connection.execute(self._sql(APPEND), ["off" if may_be_lost else "on", Jsonb(rows)])

    def since_last_end(self) -> list[Entry]:
        """The lines after the last one that ended a revision, in order; none without a table."""
        return self._read(self._value(LAST_END), "") if self._value(EXISTS) else []

    def of_run(self, run: str) -> list[Entry]:
        """The lines of the runs whose id begins with `run`, in order; none without a table."""
        return self._read(0, run) if self._value(EXISTS) else []

    def prune(self, before: str) -> int:
        """Delete the lines of ended revisions from before a time in UTC; their number."""
        if not self._value(EXISTS):
            return 0
        values = [self._value(LAST_END), f"{before}+00"]
        return self.connection.execute(self._sql(PRUNE), values).rowcount

    def _read(self, after: int, run: str) -> list[Entry]:
        return [entry(row) for row in self.connection.execute(self._sql(READ), [after, run])]

    def _value(self, query: str) -> int:
        row = self.connection.execute(self._sql(query)).fetchone()
        assert row is not None
        return int(row[0])

    def _sql(self, query: str) -> bytes:
        return query.format(table=self.table).encode()
