"""Running queries under their clients' query_ids: registry, system.processes and KILL."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from analytics.local.embedded.engine.engine import Engine
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import disguise, literals
from analytics.local.embedded.sql.cursor import Cursor
from analytics.local.embedded.sql.statement import Statement

TAG = "query_cache_tag"
"""An inert String setting: it carries the client's query_id into system.processes."""
VIEW = f"system.processes{disguise.SUFFIX}"
CREATE_VIEW = f"""\
CREATE OR REPLACE VIEW {VIEW} AS
SELECT
    * REPLACE
    (
        if(Settings['{TAG}'] != '', Settings['{TAG}'], query_id) AS query_id,
        if(Settings['{TAG}'] != '', Settings['{TAG}'], initial_query_id) AS initial_query_id,
        {disguise.undone_in_sql("query")} AS query,
        mapFilter((k, v) -> k NOT IN ('{TAG}', 'storage_file_read_method'), Settings) AS Settings
    ),
    query_id AS engine_query_id
FROM system.processes
"""
PATIENCE = 60.0
"""Seconds that KILL ... SYNC waits."""


class Processes:
    """Which query_ids run; each may run once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.active: set[str] = set()
        self.changed = threading.Condition()
        self.closed = False
        engine.run(CREATE_VIEW)

    @contextmanager
    def running(self, query_id: str, *, replace: bool) -> Iterator[None]:
        """Hold the query_id; a second one waits for its replaced twin, or is refused."""
        with self.changed:
            if self.closed:
                raise DBError(236, "The server is shutting down")
            if query_id in self.active and replace:
                self.kill([query_id])
                self.changed.wait_for(lambda: query_id not in self.active, timeout=5)
            if query_id in self.active:
                raise DBError(216, f"Query with id = {query_id} is already running.")
            self.active.add(query_id)
        try:
            yield
        finally:
            with self.changed:
                self.active.discard(query_id)
                self.changed.notify_all()

    def close(self, patience: float) -> None:
        """Take no more queries; let the running ones end, and kill those that do not."""
        with self.changed:
            self.closed = True
            if not self.changed.wait_for(lambda: not self.active, patience):
                self.kill(sorted(self.active))
                self.changed.wait_for(lambda: not self.active, 2)

    def kill(self, query_ids: list[str]) -> int:
        """Tell the engine to end these queries, without waiting; returns how many it knew."""
        rows = self.engine.run(
            f"KILL QUERY WHERE Settings['{TAG}'] IN ({literals.strings(query_ids)}) ASYNC"
        )
        return len(rows.splitlines())

    def wait(self, query_ids: list[str], seconds: float) -> bool:
        """Wait until none of these runs any more."""
        with self.changed:
            return self.changed.wait_for(lambda: self.active.isdisjoint(query_ids), seconds)

    def kill_where(self, statement: Statement, form: str, own_id: str) -> tuple[bytes, int]:
        """KILL QUERY WHERE ... [SYNC|ASYNC|TEST]; returns its result and the number of rows.

        The engine's own KILL ... SYNC hangs.
        """
        mode = next((word for word in statement.words if word in {"SYNC", "TEST"}), "ASYNC")
        found = self._where(_condition(statement), own_id)
        ids = [row[1] for row in found]
        if found and mode != "TEST":
            self.kill(ids)
        if mode == "SYNC":
            self.wait(ids, PATIENCE)
        state = {"TEST": "unknown_status", "SYNC": "finished"}.get(mode, "waiting")
        return self._result([[state, *row[1:]] for row in found], form), len(found)

    def progress(self, query_id: str) -> dict[str, str]:
        """How far a query has come, under the names of X-ClickHouse-Progress."""
        names = ("read_rows", "read_bytes", "total_rows_to_read", "elapsed_ns", "memory_usage")
        row = self.engine.run(
            "SELECT read_rows, read_bytes, total_rows_approx, toUInt64(elapsed * 1e9), "
            "memory_usage FROM system.processes "
            f"WHERE Settings['{TAG}'] = {literals.string(query_id)} LIMIT 1"
        )
        return dict(zip(names, row.decode().split(), strict=False))

    def _where(self, condition: str, own_id: str) -> list[list[str]]:
        active = literals.strings(sorted(self.active - {own_id}))
        rows = self.engine.run(
            f"SELECT engine_query_id, query_id, user, query FROM {VIEW} "
            f"WHERE ({condition}) AND query_id IN ({active}) FORMAT JSONCompactEachRow"
        )
        return [json.loads(row) for row in rows.splitlines()]

    def _result(self, rows: list[list[str]], form: str) -> bytes:
        if not rows:
            return b""
        values = ", ".join(f"({literals.strings(row)})" for row in rows)
        structure = "kill_status String, query_id String, user String, query String"
        return self.engine.run(f"SELECT * FROM values('{structure}', {values}) FORMAT {form}")


def _condition(statement: Statement) -> str:
    row = statement.tokens
    cursor = Cursor(row)
    while cursor.token and not cursor.peek("WHERE"):
        cursor.at += 1
    cursor.expect("WHERE")
    start = cursor.at
    while (token := cursor.token) and not _ends(token.word if token.depth == 0 else ""):
        cursor.at += 1
    if cursor.at == start:
        raise cursor.error("a condition")
    text = statement.text[row[start].start : row[cursor.at - 1].end]
    return text.decode("utf-8", "surrogateescape")


def _ends(word: str) -> bool:
    return word in {"SYNC", "ASYNC", "TEST", "FORMAT", "SETTINGS"}
