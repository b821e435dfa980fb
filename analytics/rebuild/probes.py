"""What the server makes of a definition that is not there yet: asked by a plain view, or a table
without rows, which are gone again before anything else happens."""

from __future__ import annotations

from analytics.errors import AnalyticsError, StatementFailed
from analytics.rebuild import names
from analytics.rebuild.labels import Wanted
from analytics.rebuild.server import Server, quoted

Columns = tuple[tuple[str, str], ...]

COLUMNS = """
SELECT name, type
FROM system.columns
WHERE database = currentDatabase() AND table = %(table)s
ORDER BY position"""

KINDS = """
SELECT name, default_kind
FROM system.columns
WHERE database = currentDatabase() AND table = %(table)s
ORDER BY position"""

SELECT = """
SELECT as_select
FROM system.tables
WHERE database = currentDatabase() AND name = %(view)s"""


def columns(server: Server, table: str) -> Columns:
    """Names and types of a table's columns, or of what a view selects."""
    return tuple((str(name), str(kind)) for name, kind in server.ask(COLUMNS, table=table))


def kinds(server: Server, table: str) -> dict[str, str]:
    """By column: "" or DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL."""
    return {str(name): str(kind) for name, kind in server.ask(KINDS, table=table)}


def view(server: Server, wanted: Wanted) -> tuple[str, Columns]:
    """What a view's definition selects, every table with its database, and its columns."""
    probe = f"{wanted.name}{names.PROBE}"
    server.send(f"DROP VIEW IF EXISTS {server.name(probe)}")
    try:
        _make(server, wanted, f"CREATE VIEW {quoted(probe)} AS\n{wanted.definition.select}")
        return str(server.one(SELECT, view=probe)), columns(server, probe)
    finally:
        server.send(f"DROP VIEW IF EXISTS {server.name(probe)}")


def table(server: Server, wanted: Wanted) -> Columns:
    """The columns of a table's definition."""
    probe = f"{wanted.name}{names.PROBE}"
    server.send(f"DROP TABLE IF EXISTS {server.name(probe)}")
    try:
        _make(server, wanted, wanted.definition.named(probe).create(wanted.label))
        return columns(server, probe)
    finally:
        server.send(f"DROP TABLE IF EXISTS {server.name(probe)}")


def _make(server: Server, wanted: Wanted, statement: str) -> None:
    try:
        server.send(statement)
    except AnalyticsError:
        raise
    except Exception as error:
        raise refusal(wanted, error) from error


def refusal(wanted: Wanted, error: Exception) -> StatementFailed:
    """The server's words about a definition."""
    said = " ".join(str(getattr(error, "orig", error)).split())
    return StatementFailed(
        f"the server does not take version {wanted.version} of {wanted.name}: {said}",
        "mend the definition; nothing was changed",
    )
