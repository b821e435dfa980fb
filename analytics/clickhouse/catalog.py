"""The catalog: objects of the current database, read from the system tables.

Every connection here is the driver's own (DBAPI).
"""

from __future__ import annotations

from typing import Any

from analytics.clickhouse.client import ask, one

COMMENT = """
SELECT comment
FROM system.tables
WHERE database = currentDatabase() AND name = %(name)s"""

NAMED_COLLECTION = "SELECT mapKeys(collection) FROM system.named_collections WHERE name = %(name)s"

FUNCTION = """
SELECT create_query
FROM system.functions
WHERE name = %(name)s AND origin = 'SQLUserDefined'"""

HISTORIES = """
SELECT database
FROM system.tables
WHERE name = %(view)s AND engine = 'View' AND database != currentDatabase()"""

HEADS = "SELECT count() FROM `{database}`.`{view}`"

LABELS = """
SELECT name, comment
FROM system.tables
WHERE database = currentDatabase()
UNION ALL
SELECT name, ''
FROM system.named_collections
UNION ALL
SELECT name, ''
FROM system.functions
WHERE origin = 'SQLUserDefined'"""


def labels(connection: Any) -> dict[str, str]:
    """The comment of each object of the database; "" for collections and functions."""
    return {str(name): str(comment) for name, comment in ask(connection, LABELS)}


def comment(connection: Any, name: str) -> str | None:
    """The comment of a table, view or dictionary; None if there is no such object."""
    return _text(one(connection, COMMENT, name=name))


def named_collection(connection: Any, name: str) -> list[str] | None:
    """The keys of a named collection; None if there is none of that name."""
    keys = one(connection, NAMED_COLLECTION, name=name)
    return None if keys is None else list(map(str, keys))


def function(connection: Any, name: str) -> str | None:
    """The CREATE statement of a function, as the server formats it; None if there is none."""
    return _text(one(connection, FUNCTION, name=name))


def normalised(connection: Any, create: str) -> str:
    """A CREATE FUNCTION statement as the server would format it."""
    return str(one(connection, "SELECT formatQuerySingleLine(%(create)s)", create=create))


def has_other_history(connection: Any, *, version_table: str) -> bool:
    """Whether another database of the server has a history of ours that is above its base."""
    rows = ask(connection, HISTORIES, view=version_table)
    heads = [HEADS.format(database=database, view=version_table) for (database,) in rows]
    return any(one(connection, query) for query in heads)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
