"""Two sets of rows of one table, compared column by column for each key.

How rows of a key are brought together depends on the engine: states are merged, numbers of a
summing table added, of a replacing one the newest is taken; any other table must hold the same
rows. What depends on the order in which rows came is not compared, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.rebuild import engines, objects, probes, rewrite
from analytics.rebuild.engines import Merging
from analytics.rebuild.merged import FIRST, SECOND, STATE, merged
from analytics.rebuild.server import Server, literal, quoted

SHOWN = 5  # keys


@dataclass(frozen=True)
class Difference:
    """How the rows of a table differ."""

    table: str
    keys: int  # of how many keys
    shown: tuple[str, ...]  # some of them, each with its columns

    def __str__(self) -> str:
        """For a person."""
        more = f" and {self.keys - len(self.shown)} more" if self.keys > len(self.shown) else ""
        return f"{self.table}: {'; '.join(self.shown)}{more}"


@dataclass(frozen=True)
class Compared:
    """What came of comparing one table."""

    table: str
    keys: int
    difference: Difference | None
    left_out: tuple[str, ...]  # columns that say nothing, each with the reason


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
    """Compare rows of a table in tables built like `like`; `columns` are what views write."""
    found = objects.look(server, like)
    types = {name: kind for name, kind in probes.columns(server, like) if name in columns}
    by = keys(server, like, set(columns))
    how = {
        Merging.NONE: _as_rows,
        Merging.REPLACED: _as_versions,
        Merging.ADDED: _as_sums,
        Merging.AGGREGATED: _as_sums,
    }[engines.merging(found)]
    rows = _rows(server, sides, list(types), keep)
    query, left_out = how(found, types, by, rows)
    ((count, differing, shown),) = server.ask(
        f"SELECT count(), countIf(notEmpty(wrong)), "
        f"arrayStringConcat(groupArrayIf({SHOWN})"
        f"(concat(key, ' (', arrayStringConcat(wrong, ', '), ')'), notEmpty(wrong)), '\\n')\n"
        f"FROM\n(\n{query}\n)\n{settings}"
    )
    difference = Difference(table, int(differing), tuple(shown.split("\n"))) if differing else None
    return Compared(table, int(count), difference, tuple(left_out))


def keys(server: Server, table: str, columns: set[str]) -> list[str]:
    """The expressions of the sorting key that can be told from these columns."""
    ((said,),) = server.ask(
        "SELECT sorting_key FROM system.tables "
        "WHERE database = currentDatabase() AND name = %(table)s",
        table=table,
    )
    parts = re.findall(r"(?:[^,(]|\([^)]*\))+", str(said))
    there = {name for name, _ in probes.columns(server, table)}
    return [part.strip() for part in parts if not (rewrite.words(part) & there) - columns]


def _rows(
    server: Server, sides: tuple[Sequence[str], Sequence[str]], columns: list[str], keep: str
) -> str:
    listed = ", ".join(map(quoted, columns))
    return "\nUNION ALL\n".join(
        f"SELECT {side} AS `side of comparison`, {listed} FROM {server.name(table)} WHERE {keep}"
        for side, tables in enumerate(sides)
        for table in tables
    )


def _as_rows(
    _table: objects.Object, types: dict[str, str], _keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """Every row as often on one side as on the other."""
    plain = [quoted(name) for name, kind in types.items() if not STATE.match(kind)]
    left_out = [f"{name}: a state" for name, kind in types.items() if STATE.match(kind)]
    key = _text(plain)
    return (
        f"SELECT {key} AS key,\n"
        f"    if(countIf({FIRST}) = countIf({SECOND}), [], ['number of rows']) AS wrong\n"
        f"FROM\n(\n{rows}\n)\nGROUP BY {', '.join(plain)}"
    ), left_out


def _as_versions(
    table: objects.Object, types: dict[str, str], keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """The newest row of a key: one of the newest of the other side."""
    arguments = engines.arguments(table)
    version = quoted(arguments[0]) if arguments and arguments[0] in types else "0"
    values = [name for name in types if name not in keys]
    newest = f"argMaxIf(tuple({', '.join(map(quoted, types))}), {version}, {{side}})"
    of_first, of_second = newest.format(side=FIRST), newest.format(side=SECOND)
    others = f"groupUniqArrayIf(tuple({', '.join(map(quoted, types))}), {SECOND})"
    wrong = [
        f"if(toString(tupleElement({of_first}, {place})) = "
        f"toString(tupleElement({of_second}, {place})), '', {literal(name)})"
        for place, name in enumerate(types, start=1)
        if name in values
    ]
    there = f"(countIf({FIRST}) > 0) = (countIf({SECOND}) > 0)"
    top = f"maxIf({version}, {FIRST}) = maxIf({version}, {SECOND})"
    return (
        f"SELECT {_text(keys)} AS key,\n"
        f"    multiIf(NOT ({there}), ['presence'], {top} AND has({others}, {of_first}), [],\n"
        f"        arrayFilter(x -> x != '', [{', '.join(wrong) or literal('row')}])) AS wrong\n"
        f"FROM\n(\n{rows}\n)\nGROUP BY {', '.join(keys) or 'tuple()'}"
    ), []


def _as_sums(
    table: objects.Object, types: dict[str, str], keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """The merged values of a key."""
    summed = engines.arguments(table) if engines.merging(table) is Merging.ADDED else ["-"]
    columns, left_out = [], []
    for name, kind in types.items():
        if name in keys:
            continue
        column = merged(name, kind, adds=not summed or name in summed)
        columns += [column] if column else []
        left_out += [] if column else [f"{name}: depends on the order of rows"]
    wrong = [f"if({each.same}, '', {literal(each.name)})" for each in columns]
    if engines.merging(table) is Merging.AGGREGATED:
        wrong.append(f"if((countIf({FIRST}) > 0) = (countIf({SECOND}) > 0), '', 'presence')")
    return (
        f"SELECT {_text(keys)} AS key,\n"
        f"    arrayFilter(x -> x != '', [{', '.join(wrong) or literal('')}]) AS wrong\n"
        f"FROM\n(\n{rows}\n)\nGROUP BY {', '.join(keys) or 'tuple()'}"
    ), left_out


def _text(expressions: Iterable[str]) -> str:
    parts = [f"ifNull(toString({each}), 'NULL')" for each in expressions]
    return f"concat('', {', '.join(_between(parts))})"


def _between(parts: list[str]) -> list[str]:
    return [piece for part in parts for piece in (part, "', '")][:-1] or ["''"]
