"""The findings about a database: what a rebuild has left of it, and whether it is right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.generated import pipelines
from tests.generated.schema import Case
from tests.rebuild.stage import Stage


class Fault(AssertionError):
    """The product did what it must never do."""


@dataclass
class Before:
    """A database before a rebuild."""

    catalog: list[list[Any]]
    rows: dict[str, Counter[str]]


def now(case: Case, main: Stage) -> Before:
    catalog = main.ask(
        "SELECT name, toString(uuid), create_table_query FROM system.tables "
        "WHERE database = currentDatabase() AND name NOT LIKE 'analytics\\_%' ORDER BY name"
    )
    chained = [name for name in case.tables if "MergeTree" in pipelines.engine(main, name)]
    return Before(catalog, {name: pipelines.rows(main, name) for name in chained})


def lost(case: Case, main: Stage, served: Stage) -> dict[str, str]:
    """What serves and is not made again by the sources, as a server tells it."""
    found = {}
    for table in case.tables:
        if "MergeTree" not in pipelines.engine(main, table):
            continue
        there, made = pipelines.rows(main, table), pipelines.candidates(served, table)
        if gone := _gone(there, made, pipelines.engine(main, table)):
            found[table] = str(gone)[:300]
    return found


def _gone(there: Counter[str], made: Counter[str], engine: str) -> list[str]:
    if engine.startswith("Replacing"):
        return [text for text in there if text not in made]
    return list((there - made).elements())


def untouched(case: Case, main: Stage, before: Before) -> None:
    found = now(case, main)
    if found.catalog != before.catalog:
        names = {str(row[0]) for row in before.catalog} ^ {str(row[0]) for row in found.catalog}
        raise Fault(f"touched although refused: {sorted(names)}")
    if found.rows != before.rows:
        raise Fault("rows differ although it was refused")


def leftovers(main: Stage, before: Before, more: set[str]) -> None:
    wanted = {str(row[0]) for row in before.catalog} | more
    if main.objects() != wanted:
        raise Fault(f"left behind or gone: {sorted(main.objects() ^ wanted)}")


def same(case: Case, main: Stage, other: Stage, when: str) -> None:
    """Every table is what the views of the other database made."""
    for table in case.tables:
        engine = pipelines.engine(main, table)
        if "MergeTree" not in engine:
            continue
        there, wanted = pipelines.rows(main, table), pipelines.candidates(other, table)
        few = pipelines.rows(other, table)
        is_right = there == wanted
        if engine.startswith("Replacing"):
            is_right = set(there) <= set(wanted) and len(there) == len(few)
        if not is_right:
            lacks, has = list((wanted - there).elements()), list((there - wanted).elements())
            raise Fault(
                f"{when} {table} is wrong: lacks {lacks[:3]} ({len(lacks)}), "
                f"has {has[:3]} ({len(has)})"
            )
