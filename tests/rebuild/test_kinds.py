"""Rebuilds of tables of every type and engine: nothing differs, and a planted fault is found."""

import pytest

from analytics.errors import Refused, StatementFailed
from analytics.rebuild import outline as outlines
from analytics.rebuild import verify
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.sample import Sample

pytestmark = pytest.mark.slow

TYPES = [
    "UInt8",
    "Int128",
    "UInt256",
    "Float32",
    "Float64",
    "Decimal(9, 2)",
    "Decimal(76, 10)",
    "Bool",
    "String",
    "FixedString(3)",
    "UUID",
    "IPv4",
    "IPv6",
    "Date",
    "Date32",
    "DateTime('Asia/Tokyo')",
    "DateTime64(6, 'UTC')",
    "Enum8('a' = 1, 'b,c(''d' = 2)",
    "Enum16('x' = 300)",
    "Point",
    "MultiPolygon",
    "LineString",
    "Tuple(a UInt8, `b c` String)",
    "Tuple(UInt8, Float64)",
    "Map(String, Float64)",
    "Map(LowCardinality(String), Array(Tuple(x Float64, y Nullable(String))))",
    "Array(Array(Nullable(Int8)))",
    "LowCardinality(Nullable(String))",
]
WRAPPED = ["{}", "Array({})", "Map(String, {})", "Tuple(p {}, q UInt8)"]
NULLABLE = [
    "UInt8",
    "Float64",
    "Decimal(9, 2)",
    "String",
    "UUID",
    "IPv6",
    "Date",
    "DateTime64(3)",
    "Enum8('a' = 1)",
]
COLUMNS = [form.format(kind) for kind in TYPES for form in WRAPPED] + [
    f"{outer}Nullable({kind}){')' * outer.count('(')}"
    for kind in NULLABLE
    for outer in ("", "Array(", "Map(String, ")
]
VARIANT = "Variant(String, UInt64)"
MIXED = {  # of types for which the server generates nothing: a value out of an id
    VARIANT: f"if(id % 2, toString(id)::{VARIANT}, id::{VARIANT})",
    f"Array({VARIANT})": f"[id::{VARIANT}, toString(id)::{VARIANT}]",
    f"Map(String, {VARIANT})": f"map('a', id::{VARIANT})",
    f"Tuple(p {VARIANT}, q UInt8)": f"(id::{VARIANT}, 1)",
    "IntervalDay": "toIntervalDay(id % 9)",
    "BFloat16": "(id % 7)::BFloat16",
    "Array(BFloat16)": "[(id % 7)::BFloat16]",
    "Dynamic": "if(id % 2, toString(id)::Dynamic, id::Dynamic)",
    "Array(Dynamic)": "[id::Dynamic, toString(id)::Dynamic]",
    "Map(String, Dynamic)": "map('a', id::Dynamic)",
    "JSON": "concat('{\"a\": {\"b\": ', toString(id), '}}')::JSON",
    "JSON(a UInt8)": "concat('{\"a\": 1, \"c\": [', toString(id), ']}')::JSON(a UInt8)",
    "Array(JSON)": "[concat('{\"a\": ', toString(id), '}')::JSON]",
    "Tuple(p JSON, q UInt8)": "(concat('{\"a\": ', toString(id), '}')::JSON, 1)",
}


def passing_on(own, engine, columns):
    """A view that passes the columns on, and its goal: without one of the rows."""
    listed = "".join(f", c{n} {kind}" for n, kind in enumerate(columns))
    own.define("source", f"CREATE TABLE source (id UInt64{listed}) ENGINE = MergeTree ORDER BY id")
    own.define("target", f"CREATE TABLE target (id UInt64{listed}) ENGINE = {engine} ORDER BY id")
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT * FROM source"
    own.define("target_mv", view, f"{view} WHERE id != 0")
    structure = "id UInt64" + "".join(
        f", c{n} {k}" for n, k in enumerate(columns) if k not in MIXED
    )
    structure = structure.replace("\\", "\\\\").replace("'", "\\'")
    values = ", ".join(f"{MIXED.get(kind, f'c{n}')} AS c{n}" for n, kind in enumerate(columns))
    own.ask(
        f"INSERT INTO source SELECT id, {values} "
        f"FROM generateRandom('{structure}', 1, 4, 2) LIMIT 40"
    )
    return Goal("target_mv", {"target_mv": 2})


def differences(own):
    """What differs between the target and its source."""
    server = own.server()
    outline = outlines.make(server, Goal("target_mv", {}, anew=True), own.read)
    verdict = verify.serving(server, outline, sample=Sample(), limits=Limits(), timeout=15)
    return verdict.differences


@pytest.mark.parametrize("engine", ["MergeTree", "ReplacingMergeTree"])
def test_columns_of_every_type_are_carried_over_and_compared(engine, own):
    goal = passing_on(own, engine, [*COLUMNS, *MIXED])
    before = own.ask("SELECT count(), sum(sipHash64(formatRow('RowBinary', *))) FROM target")

    own.rebuild(goal)

    after = own.ask("SELECT count(), sum(sipHash64(formatRow('RowBinary', *))) FROM target")
    assert before == after
    assert differences(own) == []


OTHERS = {VARIANT: "'7'", "Array(Dynamic)": "[7, '7']", "JSON": """'{"b": 7}'""", "Float64": "7"}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("engine", ["MergeTree", "ReplacingMergeTree"])
def test_another_value_of_any_type_is_found(kind, engine, own):
    passing_on(own, engine, [kind])
    own.ask("INSERT INTO source (id) SELECT 7")
    own.ask("ALTER TABLE target DELETE WHERE id = 7 SETTINGS mutations_sync = 1")
    own.ask(f"INSERT INTO target SELECT 7, {OTHERS[kind]}::{kind}")

    (found,) = differences(own)

    assert found.startswith("target: 7")


ENGINES = {
    "Null": "is of engine Null",
    "Memory": "is of engine Memory",
    "Log": "is of engine Log",
    "CollapsingMergeTree(s) ORDER BY id": "is of engine CollapsingMergeTree",
    "CoalescingMergeTree ORDER BY id": "is of engine CoalescingMergeTree",
    "EmbeddedRocksDB PRIMARY KEY id": "is of engine EmbeddedRocksDB",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_of_a_next_version_is_looked_at_before_anything_is_touched(engine, own):
    own.define("source", "CREATE TABLE source (id UInt64, s Int8) ENGINE = MergeTree ORDER BY id")
    table = "CREATE TABLE target (id UInt64, s Int8) ENGINE = "
    own.define("target", f"{table}MergeTree ORDER BY id", f"{table}{engine}")
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id, s FROM source"
    own.define("target_mv", view, f"{view} WHERE id != 5")
    there = own.objects()

    with pytest.raises((Refused, StatementFailed), match=ENGINES[engine]):
        own.rebuild(Goal("target_mv", {"target_mv": 2, "target": 2}))

    assert own.objects() == there


SUMS = "SELECT id % 50 AS id, sum(v) AS v FROM source GROUP BY id"
FAMILY = {  # engine -> the view's SELECT, and what a reader counts
    "MergeTree": ("SELECT id, s, v FROM source", "sum(v) FROM target"),
    "ReplacingMergeTree": ("SELECT id, s, v FROM source", "sum(v) FROM target FINAL"),
    "ReplacingMergeTree(v)": (
        "SELECT id % 50 AS id, s, source.id AS v FROM source",
        "sum(v) FROM target FINAL",
    ),
    "SummingMergeTree": (SUMS, "sum(v) FROM target"),
    "SummingMergeTree((v))": (SUMS, "sum(v) FROM target"),
    "AggregatingMergeTree": ("SELECT id, s, v FROM source", "sum(v) FROM target FINAL"),
    "VersionedCollapsingMergeTree(s, v)": (
        "SELECT id, s, v FROM source",
        "sum(s * v) FROM target",
    ),
}


@pytest.mark.parametrize("engine", FAMILY)
def test_every_engine_of_the_family_is_rebuilt_up_and_down(engine, own):
    select, counted = FAMILY[engine]
    table = "(id UInt64, s Int8, v UInt64) ENGINE = "
    own.define("source", f"CREATE TABLE source {table}MergeTree ORDER BY id")
    own.define("target", f"CREATE TABLE target {table}{engine} ORDER BY id")
    view = f"CREATE MATERIALIZED VIEW target_mv TO target AS {select}"
    own.define("target_mv", view, view.replace("FROM source", "FROM source WHERE source.id < 990"))
    own.ask("INSERT INTO source SELECT number, 1, number FROM numbers(1000)")
    before = own.ask(f"SELECT {counted}")

    own.rebuild(Goal("target_mv", {"target_mv": 2}), chunk=3_000)
    changed = own.ask(f"SELECT {counted}")
    own.rebuild(Goal("target_mv", {"target_mv": 1}))

    assert changed != before
    assert own.ask(f"SELECT {counted}") == before
    assert differences(own) == []


@pytest.mark.parametrize("key", ["(`a b`, id)", "(intDiv(`a b`, 10), id)", "id PARTITION BY `a b`"])
def test_no_column_of_a_key_is_added_whatever_its_name(key, own):
    order, _, by = key.partition(" PARTITION ")
    columns = "(id UInt64, `a b` UInt64, c UInt64)"
    own.define("source", f"CREATE TABLE source {columns} ENGINE = MergeTree ORDER BY id")
    own.define(
        "target",
        f"CREATE TABLE target {columns} ENGINE = SummingMergeTree "
        + f"PARTITION {by} " * bool(by)
        + f"ORDER BY {order}",
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id % 5 AS id, `a b`, "
    view += "count() AS c FROM source{} GROUP BY id, `a b`"
    own.define("target_mv", view.format(""), view.format(" WHERE source.id != 5"))
    own.ask("SYSTEM STOP MERGES source")
    for _ in range(3):
        own.ask("INSERT INTO source SELECT number, 7, 1 FROM numbers(1000)")

    own.rebuild(Goal("target_mv", {"target_mv": 2}), chunk=100)

    assert own.ask("SELECT sum(c) FROM target") == [[2997]]


def test_a_sign_that_a_default_gives_is_compared(own):
    own.define("source", "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define(
        "target",
        "CREATE TABLE target (id UInt64, s Int8 DEFAULT if(id = 7, -1, 1)) "
        "ENGINE = VersionedCollapsingMergeTree(s, id) ORDER BY id",
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id FROM source"
    own.define("target_mv", view, f"{view} WHERE id < 9")
    own.ask("INSERT INTO source SELECT number FROM numbers(20)")

    own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.ask("SELECT count(), sum(s) FROM target") == [[9, 7]]
    assert differences(own) == []


AGGREGATED = {  # the view's SELECT, the column of its target, the doubt if there may be one
    "floats in a map": (
        "sumMap(map('a', v, 'b', v / 3)) AS m",
        "m SimpleAggregateFunction(sumMap, Map(String, Float64))",
        "",
    ),
    "floats in arrays": (
        "sumForEachState([v, v / 3]) AS m",
        "m AggregateFunction(sumForEach, Array(Float64))",
        "",
    ),
    "small floats": ("sum(toFloat32(v)) AS m", "m SimpleAggregateFunction(sum, Float64)", ""),
    "ties": (
        "argMaxState(toString(id), toUInt8(1)) AS m",
        "m AggregateFunction(argMax, String, UInt8)",
        "m: argMax: of rows with equal values either counts",
    ),
    "a moment of large values": (
        "stddevPopState(1.7e9 + v) AS m",
        "m AggregateFunction(stddevPop, Float64)",
        "m: stddevPop: its result may depend on the order of rows",
    ),
}


def aggregating(own, case):
    """A view that aggregates floats by ten keys, and its goal: without a few of the rows."""
    select, column, _ = AGGREGATED[case]
    own.define(
        "source", "CREATE TABLE source (id UInt64, v Float64) ENGINE = MergeTree ORDER BY id"
    )
    own.define(
        "target",
        f"CREATE TABLE target (k UInt64, {column}) ENGINE = AggregatingMergeTree ORDER BY k",
    )
    view = f"CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id % 10 AS k, {select}"
    where = (" FROM source GROUP BY k", " FROM source WHERE id > 5 GROUP BY k")
    own.define("target_mv", *(f"{view}{each}" for each in where))
    own.ask("SYSTEM STOP MERGES source")
    for start in range(0, 60_000, 10_000):
        own.ask(
            "INSERT INTO source SELECT number, 0.1 * (number % 7) + 2.1e-6 * number "
            f"FROM numbers({start}, 10000)"
        )
    return Goal("target_mv", {"target_mv": 2})


@pytest.mark.parametrize("case", AGGREGATED)
def test_a_difference_that_is_none_stops_no_rebuild(case, own):
    goal = aggregating(own, case)

    own.rebuild(goal, chunk=100_000)

    doubt = AGGREGATED[case][2]
    said = [line for line in own.said if "compared: m:" in line]
    assert all(doubt and doubt in line for line in said)


@pytest.mark.parametrize(
    ("case", "value"), [("floats in a map", "map('a', 0.001)"), ("small floats", "0.001")]
)
def test_another_float_is_found_wherever_it_is(case, value, own):
    aggregating(own, case)
    assert differences(own) == []

    own.ask(f"INSERT INTO target SELECT 3, {value}")

    assert differences(own) == ["target: 3 (m)"]


KEYS = [
    "(intDiv(toUnixTimestamp(at), 3600), id)",
    "(toStartOfInterval(at, toIntervalMinute(15)), id)",
    "(cityHash64(id, concat('a, (', toString(at))), id)",
    "tuple()",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_sorting_key_of_any_expressions_is_compared(key, own):
    own.define(
        "source", "CREATE TABLE source (id UInt64, at DateTime) ENGINE = MergeTree ORDER BY id"
    )
    own.define(
        "target",
        "CREATE TABLE target (id UInt64, at DateTime, c UInt64) "
        f"ENGINE = SummingMergeTree(c) ORDER BY {key}",
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id, at, count() AS c FROM source"
    own.define("target_mv", f"{view} GROUP BY id, at", f"{view} WHERE id != 5 GROUP BY id, at")
    own.ask("INSERT INTO source SELECT number % 100, number * 60 FROM numbers(1000)")

    own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.ask("SELECT sum(c) FROM target") == [[990]]
