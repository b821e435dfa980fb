"""The rehearsal of an ALTER TABLE: on an empty copy, compared with what a definition makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import ndiff
from itertools import takewhile
from typing import Any

from analytics.clickhouse import statements
from analytics.clickhouse.client import ask, one
from analytics.clickhouse.definition import Definition
from analytics.errors import DefinitionError
from analytics.sql.tokens import identifier, plain, tokens

COPY, DEFINED = "__altered", "__defined"  # suffixes of the two empty tables
CREATED = """
SELECT create_table_query
FROM system.tables
WHERE database = currentDatabase() AND name = %(name)s"""


def altered(table: str, statement: str, name: str) -> str:
    """An ALTER TABLE of a table, for another one; DefinitionError if it is none of that table."""
    phrases = statements.statements(statement)
    found = statements.alter(phrases[0]) if len(phrases) == 1 else None
    if found is None or plain(str(found[0])) != table:
        raise DefinitionError(
            f"{' '.join(statement.split())[:80]} is no ALTER TABLE {table}",
            "write one statement that alters this table; op.execute sends others",
        )
    written, text = found[0].tokens, statement.encode()
    start, end = written[0].start, written[-1].end
    return (text[:start] + identifier(name).encode() + text[end:]).decode()


def differences(connection: Any, definition: Definition, sent: Sequence[str]) -> list[str]:
    """What these statements leave otherwise than a table's definition makes it, line by line.

    `-` is what they leave, `+` what is defined. Nothing of it stays; the server's errors pass.
    """
    table = plain(definition.name)
    copy, defined = table + COPY, table + DEFINED
    try:
        _clear(connection, copy, defined)
        _do(connection, f"CREATE TABLE {identifier(copy)} AS {definition.name}")
        for statement in sent:
            _do(connection, altered(table, statement, copy))
        _do(connection, definition.named(defined).text)
        return list(_compared(_lines(connection, copy), _lines(connection, defined)))
    finally:
        _clear(connection, copy, defined)


def _compared(left: list[str], right: list[str]) -> Iterator[str]:
    for line in ndiff(left, right):
        if line[0] in "-+":
            yield line[0] + " ".join(line[1:].split())


def _lines(connection: Any, name: str) -> list[str]:
    """The CREATE of a table as the server formats it, without its name and its comment."""
    created = str(one(connection, CREATED, name=name))
    row = list(
        takewhile(lambda each: each.depth or each.word != "COMMENT", tokens(created.encode()))
    )
    body = created.encode()[row[5].start : row[-1].end].decode()  # CREATE TABLE database . name
    formatted = str(one(connection, "SELECT formatQuery(%(text)s)", text=f"CREATE TABLE t {body}"))
    lines = [line.rstrip(",") for line in formatted.splitlines()]
    return [line for line in lines if not _is_key_of_rows(line, lines)]


def _is_key_of_rows(line: str, lines: list[str]) -> bool:
    """Whether it is a primary key that is the sorting key: it need not be written."""
    return line.startswith("PRIMARY KEY ") and line.replace("PRIMARY KEY", "ORDER BY") in lines


def _clear(connection: Any, *names: str) -> None:
    for name in names:
        _do(connection, f"DROP TABLE IF EXISTS {identifier(name)}")


def _do(connection: Any, statement: str) -> None:
    ask(connection, statement)
