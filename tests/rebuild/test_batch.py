"""Rebuilds of a chain that no Kafka table feeds: what is computed, kept and restored."""

import pytest

from analytics.errors import Refused
from analytics.rebuild import change, names, outlook, previous, record
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from tests.rebuild.chain import DEFINITIONS, GOALS, back
from tests.rebuild.rows import COMPUTED, DAILY, EVERYTHING, HOURLY, insert

pytestmark = pytest.mark.slow


def test_history_and_later_rows_are_counted_by_the_new_version(batch):
    insert(batch, 5000)

    batch.rebuild(GOALS["hourly"], chunk=5_000)
    insert(batch, 500, start=5000)

    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(COMPUTED)


def test_the_way_back_is_a_swap_that_keeps_what_was_written_since(batch):
    there = batch.objects()
    insert(batch, 3000)
    batch.rebuild(GOALS["both"])
    insert(batch, 300, start=3000)

    batch.rebuild(back(GOALS["both"]))

    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(EVERYTHING)
    assert batch.objects() == there
    states = {line.state for line in record.all_of(batch.server())[-1].lines}
    assert State.SNAPSHOT not in states


def test_without_the_previous_version_the_way_back_recomputes_it(batch):
    there = batch.objects()
    insert(batch, 3000)
    batch.rebuild(GOALS["hourly"])
    previous.run(batch.server(), "hourly_mv", timeout=15)
    assert not any(name.endswith(names.PREVIOUS) for name in batch.objects())

    batch.rebuild(back(GOALS["hourly"]))

    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(EVERYTHING)
    assert batch.objects() == there


CONVERTED = {  # the type of a column, and what the first version of its view selects
    "UInt32": "id",
    "Decimal(12, 2)": "toDecimal64(id, 2)",
    "Decimal(18, 1)": "toDecimal64(id, 3)",
    "DateTime('UTC')": "toDateTime64(id, 3, 'UTC')",
    "String": "id",
    "Float32": "toFloat64(id) / 2",
}


@pytest.mark.parametrize("kind", CONVERTED)
def test_the_way_back_is_open_to_a_version_whose_values_are_converted(kind, own):
    select = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id, {} AS v FROM source"
    first, text = CONVERTED[kind], kind.replace("'", "\\'")
    second = f"CAST({first}, '{text}')"
    own.define("source", "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define(
        "target", f"CREATE TABLE target (id UInt64, v {kind}) ENGINE = MergeTree ORDER BY id"
    )
    own.define("target_mv", select.format(first), f"{select.format(second)} WHERE id != 5")
    own.ask("INSERT INTO source SELECT number FROM numbers(100)")
    rows = own.ask("SELECT id, v FROM target ORDER BY id")
    own.rebuild(Goal("target_mv", {"target_mv": 2}))
    previous.run(own.server(), "target_mv", timeout=15)

    own.rebuild(Goal("target_mv", {"target_mv": 1}))

    assert own.ask("SELECT id, v FROM target ORDER BY id") == rows
    own.ask("INSERT INTO source SELECT 100")
    assert own.ask("SELECT max(id) FROM target") == [[100]]


def test_a_next_version_may_not_convert_values(own):
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT {} AS id FROM source"
    own.define("source", "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id")
    own.define("target", "CREATE TABLE target (id UInt32) ENGINE = MergeTree ORDER BY id")
    own.define("target_mv", view.format("toUInt32(id)"), view.format("id"))

    with pytest.raises(Refused, match="target_mv selects id as UInt64, and in target it is UInt32"):
        own.rebuild(Goal("target_mv", {"target_mv": 2}))


def test_twice_is_once(batch):
    insert(batch, 1000)
    batch.rebuild(GOALS["hourly"])
    batch.rebuild(GOALS["hourly"])

    assert len(record.all_of(batch.server())) == 1


def test_a_changed_view_computes_the_future_only(batch):
    insert(batch, 1000)
    before = batch.ask(HOURLY)

    change.run(batch.server(), "hourly_mv", 1, batch.read)

    assert batch.ask(HOURLY) == before
    with pytest.raises(Refused, match="hourly_mv selects largest, and hourly has no such column"):
        change.run(batch.server(), "hourly_mv", 2, batch.read)


def test_a_table_with_two_writers_gets_the_history_of_both(batch):
    batch.ask("CREATE TABLE visits (person UInt32) ENGINE = MergeTree ORDER BY person")
    DEFINITIONS["visits_mv"] = [
        "CREATE MATERIALIZED VIEW visits_mv TO people AS "
        "SELECT person, toUInt64(10) AS messages FROM visits"
    ]
    DEFINITIONS["people_mv"].append(
        "CREATE MATERIALIZED VIEW people_mv TO people AS "
        "SELECT person, count() AS messages FROM events WHERE NOT bot GROUP BY person"
    )
    try:
        batch.create("visits_mv")
        insert(batch, 970)
        batch.ask("INSERT INTO visits SELECT number FROM numbers(97)")

        batch.rebuild(Goal("people_mv", {"people_mv": 2}))

        assert batch.ask("SELECT sum(messages) FROM people") == [[970 + 970 - 97]]
    finally:
        del DEFINITIONS["visits_mv"], DEFINITIONS["people_mv"][-1]


def test_a_replay_computes_everything_again(batch):
    insert(batch, 1000)
    batch.ask("TRUNCATE TABLE people")

    batch.rebuild(Goal("people_mv", {}, anew=True))

    assert batch.ask("SELECT sum(messages) FROM people") == [[1000]]


def test_every_goal_names_versions_that_there_are():
    for goal in GOALS.values():
        assert all(len(DEFINITIONS[name]) >= number for name, number in goal.versions.items())


def test_a_plan_knows_beforehand_what_it_will_find(batch):
    there = batch.server().connection
    goal = Goal("hourly_mv", {"hourly_mv": 1, "hourly": 1})
    assert not outlook.has_previous(batch.server(), goal, batch.read)
    assert outlook.expiring(there, "hourly_mv") == []
    insert(batch, 100)

    batch.rebuild(GOALS["hourly"])
    batch.ask("ALTER TABLE events MODIFY TTL at + INTERVAL 100 YEAR")

    assert outlook.has_previous(batch.server(), goal, batch.read)
    batch.ask("DROP VIEW daily_mv__prev")  # a part of the chain that the goal does not name
    assert not outlook.has_previous(batch.server(), goal, batch.read)
    assert outlook.expiring(there, "hourly_mv") == ["events"]


def test_objects_left_by_a_killed_question_do_not_hinder_a_rebuild(batch):
    insert(batch, 100)
    there = batch.objects()
    for left in ("hourly__cut", "events__cut", "daily__check", "hourly__probe"):
        batch.ask(
            f"CREATE TABLE {left} (x UInt8) ENGINE = MergeTree ORDER BY x COMMENT '{names.MARK}'"
        )

    batch.rebuild(GOALS["hourly"])
    batch.rebuild(back(GOALS["hourly"]))

    assert batch.objects() == there
