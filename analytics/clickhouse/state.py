"""The state of the database: a digest of each table's definition, and its number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analytics.clickhouse.client import ask
from analytics.clickhouse.definition import ROWLESS
from analytics.sql.tokens import plain

OWN = "^(alembic_version|analytics_(journal|rebuilds|releases|lease_))"

TABLES = """
SELECT
    name,
    lower(substring(hex(SHA256(
        replaceRegexpAll(create_table_query, 'UUID \\'[^\\']*\\'', ''))), 1, 12))
FROM system.tables
WHERE database = currentDatabase() AND NOT match(name, %(own)s) AND NOT is_temporary
ORDER BY name"""

ROWS = """
SELECT
    arrayJoin(arrayIntersect([name, database || '.' || name], %(names)s)) AS named,
    total_rows
FROM system.tables
WHERE (database = currentDatabase() OR position(named, '.') > 0)
  AND engine NOT IN %(rowless)s
  AND (engine != 'MaterializedView'
    OR concat('.inner_id.', toString(uuid)) IN (SELECT name FROM system.tables)
    OR concat('.inner.', name) IN (SELECT name FROM system.tables))"""


def tables(connection: Any) -> dict[str, str]:
    """The digest of each table's, view's and dictionary's definition, by name."""
    return dict(ask(connection, TABLES, own=OWN))


def rows(connection: Any, names: Iterable[str]) -> dict[str, int | None]:
    """The number of rows of each table that keeps some, by its name as given; None if unknown.

    One whose rows are somewhere else is left out, as one that does not exist.
    """
    given = {plain(name): name for name in names}
    if not given:
        return {}
    counts = ask(connection, ROWS, names=list(given), rowless=ROWLESS)
    return {given[name]: count for name, count in counts}
