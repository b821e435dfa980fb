"""The wait for mutations: changes that an ALTER only starts before it returns."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from analytics.clickhouse import statements
from analytics.clickhouse.client import ask
from analytics.clickhouse.statements import NAME
from analytics.errors import StatementFailed
from analytics.sql.tokens import plain
from analytics.watch import Watch

PAUSE = 0.2  # seconds between two looks
REPORTED = 5.0  # seconds after which a wait is worth a line
PATIENCE = 10  # looks at which a mutation had failed: the server tries it again by itself

UNDONE = """
SELECT database, table, mutation_id, parts_to_do, latest_fail_reason
FROM system.mutations
WHERE NOT is_done
  AND (database = currentDatabase() AND table IN %(tables)s
    OR database || '.' || table IN %(tables)s)
ORDER BY create_time"""


def wait(connection: Any, statement: str, *, watch: Watch) -> None:
    """Return when no mutation is left in the tables that a statement alters.

    StatementFailed if one fails again and again; it stays, and so does what it has done.
    Interrupted if the user wants a stop.
    """
    tables = tuple(_tables(statement))
    reported, failed = time.monotonic(), Counter[str]()
    while tables and (undone := ask(connection, UNDONE, tables=tables)):
        failed.update(mutation for _, _, mutation, _, reason in undone if reason)
        for database, table, mutation, _, reason in undone:
            if failed[mutation] >= PATIENCE:
                raise _stuck(database, table, mutation, reason)
        if time.monotonic() - reported > REPORTED:
            _, table, mutation, parts, _ = undone[0]
            watch.say(f"waiting for mutation {mutation} of {table}: {parts} parts to do")
            reported = time.monotonic()
        watch.pause(PAUSE)


def _tables(statement: str) -> Iterator[str]:
    """The tables in which a statement may have started a mutation, without quotes."""
    for phrase, altered in statements.parts(statement):
        match = phrase.match(rf"(?:DELETE FROM|UPDATE) (?P<t>{NAME})")
        table = altered or (match and phrase.part(match, "t"))
        if table:
            yield plain(str(table))


def _stuck(database: str, table: str, mutation: str, reason: str) -> StatementFailed:
    return StatementFailed(
        f"mutation {mutation} of table {table} fails again and again: {reason}",
        f"`KILL MUTATION WHERE database = '{database}' AND table = '{table}' "
        f"AND mutation_id = '{mutation}'`; then fix the revision and run the same command again",
    )
