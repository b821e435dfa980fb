"""The questions about a definition that no object has yet: its columns and its SELECT.

The server answers with a plain view, or a table without rows, which is dropped again before
anything else happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from analytics.clickhouse.explain import one_line
from analytics.errors import AnalyticsError, StatementFailed
from analytics.rebuild import names, objects
from analytics.rebuild.labels import Wanted
from analytics.rebuild.objects import Object
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


def described(server: Server, query: str) -> Columns:
    """Names and types of what a query selects, each type as the system tables have it."""
    rows = server.ask(f"DESCRIBE TABLE (\n{query}\n) SETTINGS print_pretty_type_names = 0")
    return tuple((str(row[0]), str(row[1])) for row in rows)


def columns(server: Server, table: str) -> Columns:
    """Names and types of a table's columns, or of what a view selects."""
    return tuple((str(name), str(kind)) for name, kind in server.ask(COLUMNS, table=table))


def kinds(server: Server, table: str) -> dict[str, str]:
    """The kind of default of each column: "" or DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL."""
    return {str(name): str(kind) for name, kind in server.ask(KINDS, table=table)}


def like(server: Server, table: str, stand_in: str) -> Object:
    """A table as its stand-in is, which a definition has made, under its own name."""
    return replace(objects.look(server, stand_in), name=table)


def sweep(server: Server, bases: Iterable[str]) -> None:
    """Drop the objects that a killed run has created for a question about these."""
    candidates = (f"{base}{suffix}" for base in bases for suffix in names.ASKED)
    existing = objects.some(server, candidates).values()
    ours = [each for each in existing if each.label == names.MARK]
    server.drop({each.name: "VIEW" if each.engine == "View" else "TABLE" for each in ours})


@contextmanager
def tables(server: Server, wanted: Iterable[Wanted]) -> Iterator[dict[str, str]]:
    """Empty tables as their definitions make them, until the block ends: by table.

    StatementFailed if the server refuses a definition.
    """
    made = {each.name: f"{each.name}{names.PROBE}" for each in wanted}
    try:
        for each in wanted:
            _make(server, each, each.definition.named(made[each.name]).create(names.MARK))
        yield made
    finally:
        server.drop(dict.fromkeys(made.values(), "TABLE"))


def select(server: Server, wanted: Wanted) -> str:
    """The SELECT of a view's definition, every table with its database.

    StatementFailed if the server refuses it.
    """
    probe = f"{wanted.name}{names.PROBE}"
    try:  # a view whose columns are given is not analysed: its tables need not exist yet
        _make(
            server,
            wanted,
            f"CREATE VIEW {quoted(probe)} (x UInt8) AS\n(\n{wanted.definition.select}\n)\n"
            f"COMMENT '{names.MARK}'",
        )
        return objects.look(server, probe).select
    finally:
        server.drop({probe: "VIEW"})


def selected(server: Server, wanted: Wanted, query: str) -> Columns:
    """The columns of a query that stands for a view; StatementFailed if the server refuses it."""
    try:
        return described(server, query)
    except AnalyticsError:
        raise
    except Exception as error:
        raise refusal(wanted, error) from error


def _make(server: Server, wanted: Wanted, statement: str) -> None:
    try:
        server.send(statement)
    except AnalyticsError:
        raise
    except Exception as error:
        raise refusal(wanted, error) from error


def refusal(wanted: Wanted, error: Exception) -> StatementFailed:
    """The error for a definition that the server refuses, with the server's message."""
    answer = one_line(str(getattr(error, "orig", error)))
    return StatementFailed(
        f"the server refuses version {wanted.version} of {wanted.name}: {answer}",
        "fix the definition; nothing was changed",
    )
