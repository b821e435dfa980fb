"""Rebuilds of a chain that no Kafka table feeds: what is computed, kept and restored."""

import pytest

from analytics.errors import Refused
from analytics.rebuild import change, names, outlook, previous, record
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from tests.rebuild.chain import DEFINITIONS, GOALS, back
from tests.rebuild.rows import COMPUTED, DAILY, EVERYTHING, HOURLY, insert


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
