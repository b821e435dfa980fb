"""What the server has: questions to its system tables, by name, in the current database."""

from __future__ import annotations

from sqlalchemy import Connection, text

COMMENT = """
SELECT comment
FROM system.tables
WHERE database = currentDatabase() AND name = :name"""

NAMED_COLLECTION = "SELECT count() FROM system.named_collections WHERE name = :name"

FUNCTION = """
SELECT create_query
FROM system.functions
WHERE name = :name AND origin = 'SQLUserDefined'"""

HISTORIES = """
SELECT database
FROM system.tables
WHERE name = :view AND engine = 'View' AND database != currentDatabase()"""

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


def function(connection: Connection, name: str) -> str | None:
    """The CREATE statement of a function, as the server writes it; None if there is none."""
    row = connection.execute(text(FUNCTION), {"name": name}).first()
    return None if row is None else str(row[0])


def normalised(connection: Connection, create: str) -> str:
    """A CREATE FUNCTION statement as the server would write it."""
    asked = text("SELECT formatQuerySingleLine(:create)")
    return str(connection.execute(asked, {"create": create}).scalar())


def has_other_history(connection: Connection, *, version_table: str) -> bool:
    """Whether a history of ours has brought another database of the server above its base."""
    rows = connection.execute(text(HISTORIES), {"view": version_table})
    heads = [HEADS.format(database=database, view=version_table) for (database,) in rows]
    return any(connection.execute(text(query)).scalar() for query in heads)
