"""The journal's table in ClickHouse: insert-only, one block a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from analytics.journal import TABLE, Entry, entry

CREATE = """
CREATE TABLE IF NOT EXISTS {table}
(
    seq       UInt64,
    run       String,
    revision  String,
    direction LowCardinality(String),
    step      UInt32,
    state     LowCardinality(String),
    kind      LowCardinality(String),
    title     String,
    digest    String,
    query_id  String,
    detail    String,
    who       String,
    at        DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY seq"""

# Replicated engines drop a block that equals an earlier one, unless its token is its own
APPEND = """
INSERT INTO {table}
    (seq, run, revision, direction, step, state, kind, title, digest, query_id, detail, who)
SETTINGS async_insert = 0, insert_deduplication_token = '{token}'
SELECT
    (SELECT max(seq) + 1 FROM {table}),
    %(run)s, %(revision)s, %(direction)s, %(step)s, %(state)s, %(kind)s, %(title)s, %(digest)s,
    %(query_id)s, %(detail)s, %(who)s"""

READ = """
SELECT
    run, revision, direction, step, state, kind, title, digest, query_id, detail, who, toString(at)
FROM {table}
WHERE seq > %(after)s AND startsWith(run, %(run)s)
ORDER BY seq"""

LAST_END = "SELECT max(seq) FROM {table} WHERE step = 0 AND state = 'done'"

EXISTS = "EXISTS TABLE {table}"


@dataclass(frozen=True)
class ClickHouseJournal:
    """Lines of the ClickHouse history, over a DBAPI connection of the driver."""

    connection: Any
    table: str = TABLE

    def create(self) -> None:
        """Make the table if it is not there."""
        self._ask(CREATE)

    def append(self, line: Entry) -> None:
        """Add a line; it is there for good when this returns."""
        self._ask(APPEND, asdict(line))

    def since_last_end(self) -> list[Entry]:
        """The lines after the last one that ended a revision, in order; none without a table."""
        return self._read(self._ask(LAST_END)[0][0], "") if self._exists() else []

    def of_run(self, run: str) -> list[Entry]:
        """The lines of the runs whose id begins so, in order; none without a table."""
        return self._read(0, run) if self._exists() else []

    def _exists(self) -> bool:
        return bool(self._ask(EXISTS)[0][0])

    def _read(self, after: int, run: str) -> list[Entry]:
        return [entry(row) for row in self._ask(READ, {"after": after, "run": run})]

    def _ask(self, query: str, parameters: dict[str, Any] | None = None) -> Sequence[Any]:
        cursor = self.connection.cursor()
        cursor.execute(query.format(table=self.table, token=uuid4()), parameters)
        rows: Sequence[Any] = cursor.fetchall()
        return rows
