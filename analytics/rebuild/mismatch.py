"""The queries that find mismatches: for each key, the columns in which two sets of rows differ.

There is one for each kind of engine. Each has the columns KEY and WRONG, an array of names.
"""

from __future__ import annotations

from collections.abc import Iterable

from analytics.rebuild import engines
from analytics.rebuild.engines import Merging
from analytics.rebuild.equality import raw
from analytics.rebuild.merged import FIRST, NUMBER, SECOND, STATE, Merged, merged
from analytics.rebuild.question import (
    HAS_MORE,
    ORDER,
    PRESENCE,
    Answer,
    Question,
    comparable,
    grouped,
    listed,
)
from analytics.rebuild.server import quoted
from analytics.sql.tokens import literal, plain

MORE = " is more"
ROW_OF_FIRST, ROW_OF_SECOND = quoted("first of comparison"), quoted("second of comparison")


def query(asked: Question) -> Answer:
    """The query for a table's engine; Refused for an engine that a rebuild does not support."""
    make = {
        Merging.NONE: _by_rows,
        Merging.CANCELLED: _by_signs,
        Merging.REPLACED: _by_versions,
        Merging.ADDED: _by_sums,
        Merging.AGGREGATED: _by_sums,
    }[engines.merging(asked.table)]
    return make(asked)


def presence(asked: Question) -> Answer:
    """The query for the keys alone."""
    return Answer(grouped(asked, asked.keys, f"if({PRESENCE}, [], ['presence'])"))


def _by_rows(asked: Question) -> Answer:
    """Every row must occur as often on one side as on the other."""
    plain = {name: kind for name, kind in asked.types.items() if not STATE.match(kind)}
    left_out = [f"{name}: a state" for name in asked.types if name not in plain]
    wrong = f"if(countIf({FIRST}) = countIf({SECOND}), [], ['number of rows'])"
    return Answer(grouped(asked, comparable(plain), wrong, having=HAS_MORE), left_out)


def _by_signs(asked: Question) -> Answer:
    """Every row must be left as often on one side as on the other, less its opposites."""
    sign = engines.arguments(asked.table)[0]
    others = {name: kind for name, kind in asked.types.items() if name != sign}
    first, second = (f"sumIf({quoted(sign)}, {side})" for side in (FIRST, SECOND))
    wrong = f"if({first} = {second}, [], ['number of rows'])"
    return Answer(grouped(asked, comparable(others), wrong, having=f"{first} > {second}"))


def _by_versions(asked: Question) -> Answer:
    """The newest row of a key must be the same on both sides.

    Where several rows have the newest version, the one inserted last counts: a loss, since a
    rebuild may insert them in another order.
    """
    arguments = engines.arguments(asked.table)
    version = quoted(arguments[0]) if arguments and arguments[0] in asked.types else "0"
    first, second = (_newest(asked, version, side) for side in (FIRST, SECOND))
    row = f"tuple({', '.join(map(quoted, asked.types))})"
    newest = {
        ROW_OF_FIRST: f"argMaxIf({row}, {version}, {FIRST})",
        ROW_OF_SECOND: f"argMaxIf({row}, {version}, {SECOND})",
    }
    wrong = [
        f"if({raw(f'tupleElement({ROW_OF_FIRST}, {place})')} = "
        f"{raw(f'tupleElement({ROW_OF_SECOND}, {place})')}, '', {literal(name)})"
        for place, name in enumerate(asked.types, start=1)
        if name not in asked.keys
    ]
    ties = f"length({second}) > 1, [{literal(ORDER)}], " if asked.losses else ""
    differing = (
        f"multiIf(NOT ({PRESENCE}), ['presence'], {ties}{first} = {second}, [],\n"
        f"        {listed(wrong or [literal('row')])})"
    )
    return Answer(grouped(asked, asked.keys, differing, given=newest))


def _newest(asked: Question, version: str, side: str) -> str:
    """The different rows of the newest version on a side."""
    row = f"sipHash128({raw(*map(quoted, asked.types))})"
    pairs = f"groupUniqArrayIf(tuple({version}, {row}), {side})"
    return f"arraySort(arrayFilter(x -> x.1 = maxIf({version}, {side}), {pairs}))"


def _by_sums(asked: Question) -> Answer:
    """The merged values of a key must be equal."""
    merging = engines.merging(asked.table)
    summed = engines.arguments(asked.table) if merging is Merging.ADDED else ["-"]
    keys = set(map(plain, asked.keys))
    adds = {name for name in summed or asked.types if name not in asked.keyed}
    columns = {
        name: merged(name, kind, adds=name in adds)
        for name, kind in asked.types.items()
        if name not in keys
    }
    compared = [each for each in columns.values() if each]
    left_out = [f"{name}: taken from any row" for name in columns if not columns[name]]
    wrong = list(_conditions(asked, compared))
    if merging is Merging.AGGREGATED:
        wrong.append(f"if({PRESENCE}, '', 'presence')")
    doubts = {each.name: each.doubt for each in compared if each.doubt}
    doubts |= {each.name + MORE: asked.came for each in compared if each.adds and asked.came}
    differing = listed(wrong or [literal("")])
    return Answer(grouped(asked, asked.keys, differing), left_out, doubts)


def _conditions(asked: Question, compared: list[Merged]) -> Iterable[str]:
    kinds = asked.kinds([each.of[0] for each in compared])
    for each, kind in zip(compared, kinds, strict=True):
        may_be_more = each.adds and asked.came and NUMBER.match(kind)
        above = f"countIf({SECOND}) > 0 AND {each.of[0]} > {each.of[1]}"
        more = f"{above}, {literal(each.name + MORE)}, " if may_be_more else ""
        yield f"multiIf({each.same(kind)}, '', {more}{literal(each.name)})"
