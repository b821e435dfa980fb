"""The journal's table in ClickHouse: insert-only; the lines of one call are one block.

A run numbers its lines itself, from a round number above all existing ones: a late line of an
earlier holder of the lock comes before them. The random part separates two runs of which the first
had written nothing when it lost the lock. A query for the maximum in each INSERT would take half
as long again, and would not separate two that are sent at the same time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from analytics.clickhouse.client import ask
from analytics.journal.entry import TABLE, Entry, entry

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

# Replicated engines drop a block that equals an earlier one, unless it has a token of its own
APPEND = """
INSERT INTO {table}
    (seq, run, revision, direction, step, state, kind, title, digest, query_id, detail, who, at)
SETTINGS async_insert = 0, insert_deduplication_token = '{token}'
VALUES
    (%(seq)s, %(run)s, %(revision)s, %(direction)s, %(step)s, %(state)s, %(kind)s, %(title)s,
    %(digest)s, %(query_id)s, %(detail)s, %(who)s, %(at)s)"""

READ = """
SELECT
    run, revision, direction, step, state, kind, title, digest, query_id, detail, who, toString(at)
FROM {table}
WHERE seq > %(after)s AND startsWith(run, %(run)s)
ORDER BY seq"""

LAST = "SELECT max(seq) FROM {table}"

LAST_END = "SELECT max(seq) FROM {table} WHERE step = 0 AND state = 'done'"

PRUNED = "seq <= %(last)s AND at < toDateTime64(%(before)s, 6, 'UTC')"

COUNT = f"SELECT count() FROM {{table}} WHERE {PRUNED}"

PRUNE = f"ALTER TABLE {{table}} DELETE WHERE {PRUNED} SETTINGS mutations_sync = 2"

EXISTS = "EXISTS TABLE {table}"

ROUND, RANDOM = 1 << 32, 1 << 31  # how far the first numbers of two runs are apart


@dataclass
class ClickHouseJournal:
    """Lines of the ClickHouse history, over a DBAPI connection of the driver."""

    connection: Any
    table: str = TABLE
    _last: int | None = field(init=False, default=None)  # the number of its newest line

    def create(self) -> None:
        """Create the table if it does not exist."""
        self._ask(CREATE)

    def append(self, *lines: Entry) -> None:
        """Add lines in their order, all or none; when this returns they are durable."""
        last = self._above_all() if self._last is None else self._last
        rows = [asdict(line) | {"seq": last + n} for n, line in enumerate(lines, 1)]
        self._last = last + len(rows)
        self.connection.cursor().executemany(self._sql(APPEND), rows)

    def since_last_end(self) -> list[Entry]:
        """The lines after the last one that ended a revision, in order; none without a table."""
        return self._read(self._ask(LAST_END)[0][0], "") if self._exists() else []

    def of_run(self, run: str) -> list[Entry]:
        """The lines of the runs whose id begins with `run`, in order; none without a table."""
        return self._read(0, run) if self._exists() else []

    def prune(self, before: str) -> int:
        """Delete the lines of ended revisions from before a time in UTC; their number."""
        if not self._exists():
            return 0
        values = {"last": self._ask(LAST_END)[0][0], "before": before}
        count = int(self._ask(COUNT, values)[0][0])
        if count:
            self._ask(PRUNE, values)
        return count

    def _above_all(self) -> int:
        newest: int = self._ask(LAST)[0][0]
        return (newest // ROUND + 1) * ROUND + random.randrange(RANDOM)

    def _exists(self) -> bool:
        return bool(self._ask(EXISTS)[0][0])

    def _read(self, after: int, run: str) -> list[Entry]:
        return [entry(row) for row in self._ask(READ, {"after": after, "run": run})]

    def _ask(self, query: str, parameters: dict[str, Any] | None = None) -> Sequence[Any]:
        return ask(self.connection, self._sql(query), **parameters or {})

    def _sql(self, query: str) -> str:
        return query.format(table=self.table, token=uuid4())
