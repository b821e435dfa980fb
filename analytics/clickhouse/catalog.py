"""What the server has: questions to its system tables, by name, in the current database."""

from __future__ import annotations

from sqlalchemy import Connection, text

COMMENT = """
SELECT comment
FROM system.tables
WHERE database = currentDatabase() AND name = :name"""

NAMED_COLLECTION = "SELECT count() FROM system.named_collections WHERE name = :name"

FUNCTION = """
SELECT create_query = formatQuerySingleLine(:create)
FROM system.functions
WHERE name = :name AND origin = 'SQLUserDefined'"""


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


def labels(connection: Connection) -> dict[str, str]:
    """Every object of the database with its comment, and what has none: collections, functions."""
    return {str(name): str(comment) for name, comment in connection.execute(text(LABELS))}


def comment(connection: Connection, name: str) -> str | None:
    """The comment of a table, view or dictionary; None if there is no such object."""
    row = connection.execute(text(COMMENT), {"name": name}).first()
    return None if row is None else str(row[0])


def has_named_collection(connection: Connection, name: str) -> bool:
    """Whether the server holds a named collection of that name."""
    return bool(connection.execute(text(NAMED_COLLECTION), {"name": name}).scalar())


def has_function(connection: Connection, name: str, *, create: str) -> bool | None:
    """Whether a function says the same as `create`; None if there is no such function."""
    row = connection.execute(text(FUNCTION), {"name": name, "create": create}).first()
    return None if row is None else bool(row[0])
