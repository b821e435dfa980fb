"""The truth about a case: the same views in databases of their own, fed with the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tests.generated.naming import q
from tests.generated.schema import SMALL, Case
from tests.rebuild.stage import Stage

MERGING = ("Replacing", "Summing", "Aggregating", "VersionedCollapsing", "Coalescing", "Collapsing")
RAW = "SETTINGS optimize_on_insert = 0, max_threads = 1, max_insert_threads = 1"
COLUMNS = """
SELECT name, type FROM system.columns
WHERE database = currentDatabase() AND table = %(table)s
    AND default_kind NOT IN ('ALIAS', 'EPHEMERAL')
ORDER BY name"""


def small(stage: Stage) -> None:
    """Make the small table and the dictionary that views may use."""
    for statement in SMALL:
        stage.ask(statement.replace("{database}", stage.database))


def parallel(
    case: Case, main: Stage, stage: Stage, versions: Mapping[str, int], *, with_rows: bool
) -> Stage:
    """The chain of `main` at these versions; its tables as they are there, or as defined.

    With `with_rows` the tables hold the rows of those there.
    """
    stage.definitions = case.definitions
    small(stage)
    for name in (*(each.name for each in case.sources), *case.tables):
        if versions.get(name, 1) > 1:
            definition, label = stage.read(name, versions[name])
            stage.server().send(definition.create(label))
        else:
            stage.ask(f"CREATE TABLE {q(name)} AS {q(main.database)}.{q(name)}")
        if "MergeTree" in engine(stage, name):
            stage.ask(f"SYSTEM STOP MERGES {q(name)}")
        if with_rows and name in case.tables and "MergeTree" in engine(stage, name):
            stage.ask(
                f"ALTER TABLE {q(name)} ATTACH PARTITION ALL FROM {q(main.database)}.{q(name)}"
            )
    for view in case.views:
        definition, label = stage.read(view, versions.get(view, 1))
        stage.server().send(definition.create(label))
    return stage


def feed(case: Case, main: Stage, stage: Stage) -> None:
    """All rows of the sources of `main`, each source in one block."""
    for rows in case.sources:
        kept = main.server().ask(
            "SELECT name FROM system.columns WHERE database = currentDatabase() "
            "AND table = %(table)s AND default_kind IN ('', 'DEFAULT')",
            table=rows.name,
        )
        columns = ", ".join(q(str(name)) for (name,) in kept)
        stage.ask(
            f"INSERT INTO {q(rows.name)} ({columns}) {RAW} "
            f"SELECT {columns} FROM {q(main.database)}.{q(rows.name)}"
        )


def engine(stage: Stage, table: str) -> str:
    """The engine of a table."""
    return str(
        stage.server().one(
            "SELECT engine FROM system.tables WHERE database = "
            "currentDatabase() AND name = %(table)s",
            table=table,
        )
    )


def rows(stage: Stage, table: str) -> Counter[str]:
    """What a reader sees in a table, each row as text."""
    final = " FINAL" if engine(stage, table).startswith(MERGING) else ""
    found = stage.ask(f"SELECT {_text(stage, table)} FROM {q(table)}{final}")
    return Counter(str(text) for (text,) in found)


def candidates(stage: Stage, table: str) -> Counter[str]:
    """Of a replacing table every row that may be the newest of its key; else what a reader sees."""
    if not engine(stage, table).startswith("Replacing"):
        return rows(stage, table)
    full, key = stage.ask(
        f"SELECT engine_full, sorting_key FROM system.tables WHERE database = "
        f"currentDatabase() AND name = {_literal(table)}"
    )[0]
    version = _argument(str(full))
    found = stage.ask(
        f"SELECT text FROM (SELECT {_text(stage, table)} AS text, rank() OVER "
        f"(PARTITION BY {key} ORDER BY {version} DESC) AS place FROM {q(table)}) "
        "WHERE place = 1"
    )
    return Counter(str(text) for (text,) in found)


def _argument(engine_full: str) -> str:
    head = engine_full.split(" ORDER BY", maxsplit=1)[0].split(" PARTITION BY", maxsplit=1)[0]
    return head[len("ReplacingMergeTree(") : -1] if "(" in head else "1"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _text(stage: Stage, table: str) -> str:
    listed = []
    for name, kind in stage.server().ask(COLUMNS, table=table):
        value = q(str(name))
        if str(kind).startswith("AggregateFunction"):
            value = f"finalizeAggregation({value})"
        elif "groupUniqArray" in str(kind):
            value = f"arraySort({value})"
        listed.append(value)
    return f"formatRowNoNewline('JSONCompactEachRow', {', '.join(listed)})"
