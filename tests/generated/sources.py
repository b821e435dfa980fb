"""Random tables that views read from: engines, keys, partitions, computed columns."""

from __future__ import annotations

from random import Random

from tests.generated.naming import Names, q
from tests.generated.shapes import Rows

SOURCES = ["MergeTree"] * 5 + ["ReplacingMergeTree", "ReplacingMergeTree(v)", "SummingMergeTree"]
SOURCES += ["AggregatingMergeTree"]
SOURCES = SOURCES * 4 + ["CollapsingMergeTree", "Null", "Memory"]
CLAUSES = {
    "ReplacingMergeTree(v)": "ReplacingMergeTree({v})",
    "CollapsingMergeTree": "CollapsingMergeTree({sign})",
}


def make(random: Random, rows: Rows, names: Names) -> tuple[str, str]:
    """The statement that makes a source, and its engine."""
    engine, sign = random.choice(SOURCES), q(names.column())
    columns = [f"{each} {each.kind}" for each in rows.columns]
    columns += _computed(random, rows, names)
    if engine == "CollapsingMergeTree":
        columns.append(f"{sign} Int8 DEFAULT 1")
    clause = CLAUSES.get(engine, engine).format(v=rows.one("number"), sign=sign)
    made = f"CREATE TABLE {q(rows.name)} ({', '.join(columns)}) ENGINE = {clause}"
    if engine not in ("Null", "Memory"):
        made += _clauses(random, rows, is_plain=engine == "MergeTree")
    return made, engine


def _computed(random: Random, rows: Rows, names: Names) -> list[str]:
    ident, number = rows.one("id"), rows.one("number")
    kinds = {
        f"UInt64 MATERIALIZED {number} + 1": 0.25,
        f"String ALIAS toString({ident})": 0.2,
        f"String DEFAULT concat('d', toString({ident}))": 0.2,
    }
    chosen = [kind for kind, share in kinds.items() if random.random() < share]
    return [f"{q(names.column())} {kind}" for kind in chosen]


def _clauses(random: Random, rows: Rows, *, is_plain: bool) -> str:
    """Partition and key; rows that are merged must be in one partition."""
    ident = str(rows.one("id"))
    keys = [ident, f"({rows.one('key')}, {ident})", f"(intDiv({ident}, 10), {ident})"]
    by = ["", f" PARTITION BY {ident} % 3"]
    if is_plain:
        keys, by = [*keys, "tuple()"], [*by, f" PARTITION BY toYYYYMM({rows.one('date')})"]
    key = random.choice(keys)
    sample = f" SAMPLE BY {ident}" if key == ident and random.random() < 0.5 else ""
    primary = f" PRIMARY KEY {ident}" if key == ident and random.random() < 0.2 else ""
    partition = random.choice(by)
    return f"{partition}{primary} ORDER BY {key}{sample} SETTINGS index_granularity = 64"
