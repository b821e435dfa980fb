"""A comparison of two sets of rows of one table, column by column for each key.

The rows of a key are combined as the engine does it: states are merged, numbers of a summing table
are added, of a replacing table the newest row is taken; any other table must hold the same rows. A
column that depends on the order in which rows came is not compared, and is reported as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.rebuild import mismatch, objects, probes, rewrite
from analytics.rebuild.server import Server, quoted

SHOWN = 5  # keys


@dataclass(frozen=True)
class Difference:
    """The keys of a table whose rows differ."""

    table: str
    keys: int  # how many differ
    shown: tuple[str, ...]  # some of them, each with its columns

    def __str__(self) -> str:
        """One line for a person."""
        more = f" and {self.keys - len(self.shown)} more" if self.keys > len(self.shown) else ""
        return f"{self.table}: {'; '.join(self.shown)}{more}"


@dataclass(frozen=True)
class Compared:
    """The result of comparing one table."""

    table: str
    keys: int
    difference: Difference | None
    left_out: tuple[str, ...]  # columns that cannot be compared, each with the reason


def compare(
    server: Server,
    table: str,
    like: str,
    sides: tuple[Sequence[str], Sequence[str]],
    *,
    columns: Sequence[str],
    keep: str,
    settings: str,
) -> Compared:
    """Compare the rows of two sides, each one or several tables built like `like`.

    `columns` are those that views write, `keep` is the condition on the rows that are compared.
    Refused for an engine that a rebuild does not support.
    """
    types = {name: kind for name, kind in probes.columns(server, like) if name in columns}
    by = keys(server, like, set(columns))
    rows = _rows(server, sides, list(types), keep)
    query, left_out = mismatch.query(objects.look(server, like), types, by, rows)
    ((count, differing, shown),) = server.ask(
        f"SELECT count(), countIf(notEmpty(wrong)), "
        f"arrayStringConcat(groupArrayIf({SHOWN})"
        f"(concat(key, ' (', arrayStringConcat(wrong, ', '), ')'), notEmpty(wrong)), '\\n')\n"
        f"FROM\n(\n{query}\n)\n{settings}"
    )
    difference = Difference(table, int(differing), tuple(shown.split("\n"))) if differing else None
    return Compared(table, int(count), difference, tuple(left_out))


def keys(server: Server, table: str, columns: set[str]) -> list[str]:
    """The expressions of the sorting key that use none of the table's other columns."""
    ((sorting_key,),) = server.ask(
        "SELECT sorting_key FROM system.tables "
        "WHERE database = currentDatabase() AND name = %(table)s",
        table=table,
    )
    expressions = re.findall(r"(?:[^,(]|\([^)]*\))+", str(sorting_key))
    others = {name for name, _ in probes.columns(server, table)} - columns
    return [each.strip() for each in expressions if not rewrite.words(each) & others]


def _rows(
    server: Server, sides: tuple[Sequence[str], Sequence[str]], columns: list[str], keep: str
) -> str:
    listed = ", ".join(map(quoted, columns))
    return "\nUNION ALL\n".join(
        f"SELECT {side} AS `side of comparison`, {listed} FROM {server.name(table)} WHERE {keep}"
        for side, tables in enumerate(sides)
        for table in tables
    )
