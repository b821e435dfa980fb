"""Rebuilds of a chain that no Kafka table feeds: what is refused before anything is touched."""

import pytest

from analytics.errors import Refused, StatementFailed
from analytics.rebuild.outline import Goal
from tests.rebuild.chain import DEFINITIONS, GOALS
from tests.rebuild.rows import insert

pytestmark = pytest.mark.slow

REFUSALS = {
    "no such view": (
        Goal("nothing_mv", {"nothing_mv": 2}),
        (),
        "there is no materialized view nothing_mv",
    ),
    "a table": (Goal("hourly", {"hourly": 2}), (), "there is no materialized view hourly"),
    "a column that the target lacks": (
        Goal("hourly_mv", {"hourly_mv": 2}),
        (),
        "hourly_mv selects largest, and hourly has no such column",
    ),
    "an object of another chain": (
        Goal("hourly_mv", {"hourly_mv": 2, "people": 1}),
        (),
        "people: not in the chain of hourly_mv",
    ),
    "a dependant without a definition": (
        GOALS["hourly"],
        (
            "CREATE TABLE mine (n UInt64) ENGINE = MergeTree ORDER BY n",
            "CREATE MATERIALIZED VIEW mine_mv TO mine AS SELECT count() AS n FROM hourly",
        ),
        "is in the chain and was not made by a definition",
    ),
    "a shadow that no rebuild has made": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__shape (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__shape: a rebuild uses that name, and no record knows of it",
    ),
    "a previous version that no rebuild has made": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__prev (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__prev: a rebuild uses that name, and no record knows of it",
    ),
    "a table named like an answer": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__check (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__check: a rebuild uses that name, and no record knows of it",
    ),
    "a view that keeps its rows itself": (
        GOALS["hourly"],
        (
            "CREATE MATERIALIZED VIEW own_mv ENGINE = MergeTree ORDER BY kind "
            "AS SELECT kind FROM hourly",
        ),
        "own_mv is not a view TO a table",
    ),
    "a reader in another database": (
        GOALS["hourly"],
        ("CREATE MATERIALIZED VIEW default.far_mv ENGINE = Null AS SELECT kind FROM hourly",),
        "default.far_mv reads from hourly in another database",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_work_is_refused_before_anything_is_touched(case, batch):
    goal, statements, said = REFUSALS[case]
    insert(batch, 100)
    for statement in statements:
        batch.ask(statement)
    there = batch.objects()

    with pytest.raises(Refused, match=said):
        batch.rebuild(goal)

    assert batch.objects() == there
    batch.ask("DROP TABLE IF EXISTS default.far_mv")


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT kind, toStartOfHour(at) AS hour, wrong FROM events", "refuses version 3"),
        (
            "SELECT kind, toStartOfHour(at) AS hour, throwIf(person = 5) + count() AS messages "
            "FROM events GROUP BY kind, hour, person",
            "fails on rows of events",
        ),
    ],
)
def test_a_select_that_fails_is_refused(select, said, batch, monkeypatch):
    insert(batch, 1000)
    wrong = f"CREATE MATERIALIZED VIEW hourly_mv TO hourly AS {select}"
    monkeypatch.setitem(DEFINITIONS, "hourly_mv", [*DEFINITIONS["hourly_mv"], wrong])
    there = batch.objects()

    with pytest.raises(StatementFailed, match=said):
        batch.rebuild(Goal("hourly_mv", {"hourly_mv": 3}))

    assert batch.objects() == there


def test_a_mutation_under_way_is_refused(batch):
    insert(batch, 1000)
    batch.ask("SYSTEM STOP MERGES hourly")
    batch.ask("ALTER TABLE hourly DELETE WHERE kind = 100 SETTINGS mutations_sync = 0")

    with pytest.raises(Refused, match=r"mutation .* of hourly is under way"):
        batch.rebuild(GOALS["hourly"])
    batch.ask("SYSTEM START MERGES hourly")


@pytest.mark.parametrize("table", ["source", "target"])
def test_rows_changed_by_patches_are_refused_until_they_are_written(table, own):
    kept = "SETTINGS enable_block_number_column = 1, enable_block_offset_column = 1"
    for name in ("source", "target"):
        text = f"CREATE TABLE {name} (id UInt64) ENGINE = MergeTree ORDER BY tuple() {kept}"
        own.define(name, text)
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id FROM source"
    own.define("target_mv", view, f"{view} WHERE id != 5")
    own.ask("INSERT INTO source SELECT number FROM numbers(10)")
    own.ask(f"UPDATE {table} SET id = id WHERE id > 3 SETTINGS enable_lightweight_update = 1")
    there = own.objects()

    with pytest.raises(Refused, match=f"{table} has rows that an UPDATE has changed by patches"):
        own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.objects() == there
    own.ask(f"ALTER TABLE {table} APPLY PATCHES SETTINGS mutations_sync = 2")
    own.rebuild(Goal("target_mv", {"target_mv": 2}))
    assert own.ask("SELECT count() FROM target") == [[9]]


SHAPES = {
    "IN (SELECT FROM its source)": (
        "SELECT id FROM source WHERE id - 1 IN (SELECT id FROM source)",
        "reads source 2 times",
    ),
    "a join with itself": (
        "SELECT a.id AS id FROM source AS a INNER JOIN source AS b ON a.id = b.id + 1",
        "reads source 2 times",
    ),
    "a scalar subquery": (
        "SELECT id FROM source WHERE id > (SELECT avg(id) FROM source)",
        "reads source 2 times",
    ),
    "a union": (
        "SELECT id FROM source UNION ALL SELECT number AS id FROM numbers(3)",
        "is a UNION, of which a view writes the first SELECT only",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_view_whose_history_is_not_what_it_writes_is_refused(shape, own):
    select, said = SHAPES[shape]
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS "
    own.define("source", "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define("target", "CREATE TABLE target (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define("target_mv", f"{view}SELECT id FROM source", f"{view}{select}")
    own.ask("INSERT INTO source SELECT number FROM numbers(10)")
    there = own.objects()

    with pytest.raises(Refused, match=f"version 2 of target_mv {said}"):
        own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.objects() == there


WRITERS = {
    "a view that refreshes itself": (
        "CREATE MATERIALIZED VIEW other REFRESH EVERY 1 YEAR APPEND TO {db}.target EMPTY "
        "AS SELECT toUInt64(1) AS id",
        "other",
    ),
    "a view of another database": (
        "CREATE MATERIALIZED VIEW {db}_far.other TO {db}.target AS SELECT id FROM {db}_far.source",
        "{db}_far.other",
    ),
}


@pytest.mark.parametrize("case", WRITERS)
def test_another_writer_of_the_target_is_refused_until_it_is_gone(case, own):
    statement, name = (each.format(db=own.database) for each in WRITERS[case])
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id FROM source"
    source = "CREATE TABLE {}source (id UInt64) ENGINE = MergeTree ORDER BY id"
    own.define("source", source.format(""))
    own.define("target", "CREATE TABLE target (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define("target_mv", view, f"{view} WHERE id >= 0")
    own.ask(f"CREATE DATABASE {own.database}_far")
    own.ask(source.format(f"{own.database}_far."))
    own.ask(statement)

    with pytest.raises(Refused, match=f"{name} writes to target as well"):
        own.rebuild(Goal("target_mv", {"target_mv": 2}))

    own.ask(f"DROP VIEW {name}")
    own.rebuild(Goal("target_mv", {"target_mv": 2}))
    own.ask(f"DROP DATABASE {own.database}_far")
