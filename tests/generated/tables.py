"""Random tables: engines, keys, and columns that a table has beside those of its view."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.generated.naming import Names, q
from tests.generated.shapes import Column, Shape

SUPPORTED = {
    "MergeTree",
    "ReplacingMergeTree",
    "ReplacingMergeTree(v)",
    "SummingMergeTree",
    "AggregatingMergeTree",
    "VersionedCollapsingMergeTree",
}
FOR_ROWS = ["MergeTree"] * 4 + ["ReplacingMergeTree", "ReplacingMergeTree(v)"] * 2
FOR_ROWS += ["VersionedCollapsingMergeTree"]
FOR_ROWS = FOR_ROWS * 4 + ["CollapsingMergeTree", "Null", "Log", "CoalescingMergeTree"]
FOR_GROUPS = ["AggregatingMergeTree"] * 5 + ["SummingMergeTree"] * 4 + ["MergeTree"]
SIGN = "if({id} % 10 = 9, -1, 1)::Int8"


@dataclass(frozen=True)
class Table:
    """A target in one or two versions."""

    engine: str
    versions: tuple[str, ...]


def target(random: Random, name: str, shape: Shape, names: Names) -> Table:
    """The target of a view, and perhaps its next version."""
    engine = random.choice(FOR_GROUPS if shape.groups else FOR_ROWS)
    adds = engine == "AggregatingMergeTree" and shape.groups
    columns = [f"{each} {_stored(each) if adds else each.kind}" for each in shape.columns]
    columns += _extras(random, engine, shape, names)
    clause, key = _engine(engine, shape, columns, names), _key(random, engine, shape)
    random.shuffle(columns)
    tail = ""
    if engine not in ("Null", "Log"):
        tail = f"{_partition(random, engine, shape)} ORDER BY {key}{_settings(random, engine)}"
    first = f"CREATE TABLE {q(name)} ({', '.join(columns)}) ENGINE = {clause}{tail}"
    versions = [first]
    if random.random() < 0.5:
        columns.insert(random.randrange(len(columns)), f"{q(names.column())} String DEFAULT 'more'")
        versions.append(f"CREATE TABLE {q(name)} ({', '.join(columns)}) ENGINE = {clause}{tail}")
    return Table(engine, tuple(versions))


def _stored(column: Column) -> str:
    """The type of a column in a table that merges states."""
    is_sum = column.role == "sum"
    return f"SimpleAggregateFunction(sum, {column.kind})" if is_sum else column.kind


def _extras(random: Random, engine: str, shape: Shape, names: Names) -> list[str]:
    """Columns that no view writes, an index, a projection."""
    ident = shape.columns[0]
    found = []
    if random.random() < 0.2:
        found.append(f"{q(names.column())} String MATERIALIZED toString({ident})")
    if random.random() < 0.15:
        found.append(f"{q(names.column())} String ALIAS toString({ident})")
    if random.random() < 0.1:
        found.append(f"INDEX {q(names.column())} toString({ident}) TYPE bloom_filter GRANULARITY 1")
    if random.random() < 0.1 and engine == "MergeTree":
        found.append(f"PROJECTION {q(names.column())} (SELECT {ident}, count() GROUP BY {ident})")
    if random.random() < 0.1:
        found.append(
            f"CONSTRAINT {q(names.column())} CHECK notEmpty(concat('x', toString({ident})))"
        )
    return found


def _engine(engine: str, shape: Shape, columns: list[str], names: Names) -> str:
    """The engine's clause; a column of its own is added where it needs one."""
    if engine == "ReplacingMergeTree(v)":
        return f"ReplacingMergeTree({next(c for c in shape.columns if c.role == 'number')})"
    if "Collapsing" not in engine:
        return engine
    sign = q(names.column())
    columns.append(f"{sign} Int8 DEFAULT {SIGN.format(id=shape.columns[0])}")
    version = f", {shape.columns[0]}" if engine.startswith("Versioned") else ""
    return f"{engine}({sign}{version})"


def _key(random: Random, engine: str, shape: Shape) -> str:
    first, second = shape.columns[:2]
    if shape.groups:
        plain = [f"({first}, {second})", f"({second}, {first})"]
        more = [f"(cityHash64({first}, concat('a, (', toString({second}))), {first}, {second})"]
        return random.choice([*plain, *plain, *more])
    keys = [str(first), f"({first}, {second})", f"({second}, {first})"]
    keys += [f"(intDiv({first}, 10), {first})", f"(toString({first}), cityHash64({second}, 'a,('))"]
    return random.choice([*keys, "tuple()"] if engine == "MergeTree" else keys)


def _partition(random: Random, engine: str, shape: Shape) -> str:
    ident = shape.columns[1] if shape.groups else shape.columns[0]
    if random.random() < 0.7:
        return ""
    return f" PARTITION BY cityHash64({ident}) % 3"


def _settings(random: Random, engine: str) -> str:
    return random.choice(
        [""] * 4 + [" SETTINGS index_granularity = 16", " SETTINGS ttl_only_drop_parts = 1"]
    )
