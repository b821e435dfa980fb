"""Names of every kind: those that look like a rebuild's own, and those that need quotes."""

import pytest

from analytics.errors import Refused
from analytics.rebuild import outline as outlines
from analytics.rebuild import verify
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.sample import Sample

pytestmark = pytest.mark.slow

SOURCE = "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id"
GOAL = Goal("target_mv", {"target_mv": 2})


@pytest.fixture
def numbers(own):
    """A view that passes numbers on."""
    own.define("source", SOURCE)
    own.define("target", "CREATE TABLE target (c UInt64) ENGINE = MergeTree ORDER BY c")
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id{} AS c FROM source"
    own.define("target_mv", view.format(""), view.format(" * 10"))
    return own


@pytest.mark.parametrize(
    "name",
    ["target__probe", "source__cut", "target__check", "target__chunk_1", "target__prev"],
)
def test_an_object_of_that_name_is_left_alone(name, numbers):
    numbers.ask(f"CREATE TABLE {name} (x UInt8) ENGINE = MergeTree ORDER BY x")
    numbers.ask(f"INSERT INTO {name} VALUES (1)")
    server = numbers.server()

    with pytest.raises(Refused, match=f"{name}: a rebuild uses that name"):
        numbers.rebuild(GOAL)
    with pytest.raises(Refused, match=f"{name}: a rebuild uses that name"):
        outline = outlines.make(server, Goal("target_mv", {}, anew=True), numbers.read)
        verify.serving(server, outline, sample=Sample(), limits=Limits(), timeout=15)

    assert numbers.ask(f"SELECT * FROM {name}") == [[1]]


@pytest.mark.parametrize("name", ["notes__new", "notes__live", "target__chunk_notes", "n__since"])
def test_tables_and_views_of_such_names_are_in_the_chain_like_any_other(name, numbers):
    numbers.define(name, f"CREATE TABLE {name} (c UInt64) ENGINE = SummingMergeTree ORDER BY c")
    numbers.define(
        f"{name}_v__new",
        f"CREATE MATERIALIZED VIEW {name}_v__new TO {name} AS SELECT c FROM target",
    )
    numbers.ask("INSERT INTO source SELECT number FROM numbers(100)")

    for version, factor in ((2, 10), (1, 1), (2, 10)):
        numbers.rebuild(Goal("target_mv", {"target_mv": version}))
        assert numbers.ask(f"SELECT sum(c) FROM {name}") == [[4950 * factor]]


COLUMNS = [
    "wrong",
    "key",
    "side of comparison?",
    "a{b}",
    "{0}",
    "100%",
    "%(x)s",
    "with`tick",
    "back\\slash",
    "quote'd",
    "dot.ted",
    "größe",
    "x0",
    "count()",
    "from",
    "c0",
    "union",
]


def quoted(name):
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


@pytest.mark.parametrize(
    "engine", ["MergeTree", "ReplacingMergeTree", "SummingMergeTree", "AggregatingMergeTree"]
)
def test_columns_of_any_name_are_compared(engine, own):
    plain = ", ".join(f"{quoted(each)} UInt64" for each in COLUMNS)
    own.define("source", f"CREATE TABLE source (id UInt64, {plain}) ENGINE = MergeTree ORDER BY id")
    own.define("target", f"CREATE TABLE target (id UInt64, {plain}) ENGINE = {engine} ORDER BY id")
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT * FROM source"
    own.define("target_mv", view, f"{view} WHERE id != 5")
    numbers = ", ".join(["number"] * (len(COLUMNS) + 1))
    own.ask(f"INSERT INTO source SELECT {numbers} FROM numbers(20)")

    own.rebuild(GOAL)
    own.rebuild(Goal("target_mv", {"target_mv": 1}))

    sums = ", ".join(f"sum({quoted(each)})" for each in COLUMNS)
    assert own.ask(f"SELECT {sums} FROM target") == [[190] * len(COLUMNS)]


NAMES = ["order-items", "größe", "from", "a`b", "x y", "1st", "it's", "as", "to", "refresh"]


@pytest.mark.parametrize("name", NAMES)
def test_tables_and_views_of_any_name_are_rebuilt(name, own):
    own.define("source", SOURCE)
    table, view = quoted(name), quoted(f"{name}_mv")
    own.define(name, f"CREATE TABLE {table} (c UInt64) ENGINE = MergeTree ORDER BY c")
    text = f"CREATE MATERIALIZED VIEW {view} TO {table} AS SELECT id{{}} AS c FROM source"
    own.define(f"{name}_mv", text.format(""), text.format(" * 10"))
    own.ask("INSERT INTO source SELECT number FROM numbers(100)")

    own.rebuild(Goal(f"{name}_mv", {f"{name}_mv": 2}))
    assert own.ask(f"SELECT sum(c) FROM {table}") == [[49500]]
    own.rebuild(Goal(f"{name}_mv", {f"{name}_mv": 1}))
    assert own.ask(f"SELECT sum(c) FROM {table}") == [[4950]]


WORDS = ["ORDER", "TTL", "SETTINGS", "PARTITION", "PRIMARY", "SAMPLE"]


@pytest.mark.parametrize("name", WORDS)
def test_a_column_of_the_key_may_be_named_like_a_clause(name, own):
    columns = f"(`{name}` UInt64, c UInt64)"
    keys = f"PARTITION BY {name} % 2 PRIMARY KEY {name} ORDER BY {name}"
    own.define("source", f"CREATE TABLE source {columns} ENGINE = MergeTree {keys}")
    ttl = f"TTL toDateTime({name}) + INTERVAL 40 YEAR SETTINGS index_granularity = 16"
    own.define("target", f"CREATE TABLE target {columns} ENGINE = ReplacingMergeTree {keys} {ttl}")
    text = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT * FROM source"
    own.define("target_mv", text, f"{text} WHERE `{name}` != 5")
    own.ask("INSERT INTO source SELECT 1700000000 + number, number FROM numbers(20)")

    own.rebuild(GOAL)
    own.rebuild(Goal("target_mv", {"target_mv": 1}))

    assert own.ask("SELECT count(), sum(c) FROM target") == [[20, 190]]


@pytest.mark.parametrize("name", ["as", "to", "refresh", "TO"])
def test_a_view_may_be_named_like_a_word_of_its_own_statement(name, own):
    own.define("source", SOURCE)
    own.define("target", "CREATE TABLE target (c UInt64) ENGINE = MergeTree ORDER BY c")
    text = f"CREATE MATERIALIZED VIEW `{name}` TO target AS SELECT id{{}} AS c FROM source"
    own.define(name, text.format(""), text.format(" * 10"))
    own.ask("INSERT INTO source SELECT number FROM numbers(100)")

    own.rebuild(Goal(name, {name: 2}))

    assert own.ask("SELECT sum(c) FROM target") == [[49500]]


def test_a_column_may_have_its_database_before_it(own):
    own.define("source", SOURCE)
    own.define("target", "CREATE TABLE target (c UInt64) ENGINE = MergeTree ORDER BY c")
    text = f"CREATE MATERIALIZED VIEW target_mv TO target AS SELECT {own.database}.source.id AS c "
    text += f"FROM {own.database}.source"
    own.define("target_mv", text, f"{text} WHERE {own.database}.source.id != 5")
    own.ask("INSERT INTO source SELECT number FROM numbers(10)")

    own.rebuild(GOAL)
    changed = own.ask("SELECT sum(c) FROM target")
    own.rebuild(Goal("target_mv", {"target_mv": 1}))

    assert (changed, own.ask("SELECT sum(c) FROM target")) == ([[40]], [[45]])
