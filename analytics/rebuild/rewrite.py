"""The replacement of tables in statements of the server, token by token, not by pattern.

The server itself has written these texts (`create_table_query`, `as_select`): every table has its
database before it, so that a column of the same name is not taken for a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from analytics.rebuild.server import quoted
from analytics.sql.tokens import Token, tokens, unquoted


def renamed(text: str, database: str, names: Mapping[str, str]) -> str:
    """The text with other tables of the same database in the place of some."""
    return _replaced(
        text, database, set(names), lambda table, *_: f"{quoted(database)}.{quoted(names[table])}"
    )


def fed(select: str, database: str, subqueries: Mapping[str, str]) -> str:
    """A SELECT with subqueries in the place of some tables, each under the name of its table."""

    def put(table: str, row: tuple[Token, ...], place: int) -> str:
        if _is_of_column(row, place):
            return quoted(table)
        alias = "" if _needs_no_alias(row, place) else f" AS {quoted(table)}"
        return f"({subqueries[table]}){alias}"

    return _replaced(select, database, set(subqueries), put)


def mentions(text: str, database: str, table: str) -> int:
    """How often a text names a table of a database."""
    row = tuple(tokens(text.encode()))
    return sum(not _is_of_column(row, place) for place in _tables(row, database, {table}))


def words(text: str) -> set[str]:
    """Every name in a text, without quotes."""
    return {unquoted(token) for token in tokens(text.encode()) if token.names}


Put = Callable[[str, tuple[Token, ...], int], str]
"""(table, the tokens, the place of it in them) -> the text in its place."""


def _replaced(text: str, database: str, names: set[str], put: Put) -> str:
    raw = text.encode()
    row = tuple(tokens(raw))
    pieces, at = [], 0
    for place in _tables(row, database, names):
        last = row[place + 2]
        pieces.append(raw[at : row[place].start].decode())
        pieces.append(put(unquoted(last), row, place))
        at = last.end
    return "".join((*pieces, raw[at:].decode()))


def _tables(row: tuple[Token, ...], database: str, names: set[str]) -> Iterator[int]:
    """The places of the tokens at which `database.table` begins, for these tables."""
    for place in range(len(row) - 2):
        first, dot, last = row[place : place + 3]
        if dot.text != b"." or not first.names or unquoted(first) != database:
            continue
        if unquoted(last) in names and (not place or row[place - 1].text != b"."):
            yield place


def _is_of_column(row: tuple[Token, ...], place: int) -> bool:
    """Whether a column is meant: `database.table.column`."""
    return place + 3 < len(row) and row[place + 3].text == b"."


def _needs_no_alias(row: tuple[Token, ...], place: int) -> bool:
    """Whether the text gives the table an alias of its own, or the table is in IN (...)."""
    after = row[place + 3] if place + 3 < len(row) else None
    if after is not None and after.word == "AS":
        return True
    return place > 1 and row[place - 1].text == b"(" and row[place - 2].word == "IN"
