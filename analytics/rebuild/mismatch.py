"""The queries that find mismatches: for each key, the columns in which two sets of rows differ.

There is one for each kind of engine. Each has the columns `key` and `wrong`, an array of names.
"""

from __future__ import annotations

from collections.abc import Iterable

from analytics.rebuild import engines
from analytics.rebuild.engines import Merging
from analytics.rebuild.merged import FIRST, SECOND, STATE, merged
from analytics.rebuild.objects import Object
from analytics.rebuild.server import literal, quoted

PRESENCE = f"(countIf({FIRST}) > 0) = (countIf({SECOND}) > 0)"


def query(
    table: Object, types: dict[str, str], keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """The query for a table's engine, and the columns that it leaves out, each with the reason.

    `types` are those of the columns to compare, `rows` is a query that marks each row with its
    side. Refused for an engine that a rebuild does not support.
    """
    make = {
        Merging.NONE: _by_rows,
        Merging.REPLACED: _by_versions,
        Merging.ADDED: _by_sums,
        Merging.AGGREGATED: _by_sums,
    }[engines.merging(table)]
    return make(table, types, keys, rows)


def _by_rows(
    _table: Object, types: dict[str, str], _keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """Every row must occur as often on one side as on the other."""
    plain = [quoted(name) for name, kind in types.items() if not STATE.match(kind)]
    left_out = [f"{name}: a state" for name, kind in types.items() if STATE.match(kind)]
    wrong = f"if(countIf({FIRST}) = countIf({SECOND}), [], ['number of rows'])"
    return _grouped(plain, wrong, rows), left_out


def _by_versions(
    table: Object, types: dict[str, str], keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """The newest row of a key must be one of the newest on the other side."""
    arguments = engines.arguments(table)
    version = quoted(arguments[0]) if arguments and arguments[0] in types else "0"
    row = f"tuple({', '.join(map(quoted, types))})"
    of_first, of_second = (f"argMaxIf({row}, {version}, {side})" for side in (FIRST, SECOND))
    wrong = [
        f"if(toString(tupleElement({of_first}, {place})) = "
        f"toString(tupleElement({of_second}, {place})), '', {literal(name)})"
        for place, name in enumerate(types, start=1)
        if name not in keys
    ]
    same_version = f"maxIf({version}, {FIRST}) = maxIf({version}, {SECOND})"
    is_one_of = f"has(groupUniqArrayIf({row}, {SECOND}), {of_first})"
    differing = (
        f"multiIf(NOT ({PRESENCE}), ['presence'], {same_version} AND {is_one_of}, [],\n"
        f"        {_names(wrong or [literal('row')])})"
    )
    return _grouped(keys, differing, rows), []


def _by_sums(
    table: Object, types: dict[str, str], keys: list[str], rows: str
) -> tuple[str, list[str]]:
    """The merged values of a key must be equal."""
    merging = engines.merging(table)
    summed = engines.arguments(table) if merging is Merging.ADDED else ["-"]
    columns = {
        name: merged(name, kind, adds=not summed or name in summed)
        for name, kind in types.items()
        if name not in keys
    }
    left_out = [f"{name}: depends on the order of rows" for name in columns if not columns[name]]
    wrong = [f"if({each.same}, '', {literal(each.name)})" for each in columns.values() if each]
    if merging is Merging.AGGREGATED:
        wrong.append(f"if({PRESENCE}, '', 'presence')")
    return _grouped(keys, _names(wrong or [literal("")]), rows), left_out


def _grouped(keys: list[str], wrong: str, rows: str) -> str:
    return (
        f"SELECT {_text(keys)} AS key,\n    {wrong} AS wrong\n"
        f"FROM\n(\n{rows}\n)\nGROUP BY {', '.join(keys) or 'tuple()'}"
    )


def _names(expressions: list[str]) -> str:
    """The array of those that are not empty."""
    return f"arrayFilter(x -> x != '', [{', '.join(expressions)}])"


def _text(expressions: Iterable[str]) -> str:
    parts = [f"ifNull(toString({each}), 'NULL')" for each in expressions]
    return f"concat('', {', '.join(_between(parts))})"


def _between(parts: list[str]) -> list[str]:
    """The parts with a comma between them."""
    return [piece for part in parts for piece in (part, "', '")][:-1] or ["''"]
