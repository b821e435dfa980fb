"""Rebuilds of a chain that no Kafka table feeds: what is computed, kept, put back and refused."""

import pytest

from analytics.errors import RebuildStopped, Refused, StatementFailed
from analytics.rebuild import change, dry_run, names, previous, record, shadow, verify
from analytics.rebuild import outline as outlines
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from analytics.rebuild.sample import Sample
from tests.rebuild import stage as stages
from tests.rebuild.stage import DEFINITIONS, GOALS, back

INSERT = """
INSERT INTO events (id, kind, person, value, at, bot)
SELECT number + {start}, number % 7, number % 97, number % 50 - 10,
    toDateTime('2026-01-01', 'UTC') + number * 60, number % 10 = 0
FROM numbers({rows})"""

HOURLY = "SELECT sum(messages), sum(total), uniqExactMerge(people) FROM hourly"
DAILY = "SELECT sum(messages), sum(total), uniqExactMerge(people) FROM daily"
COMPUTED = "SELECT count(), sum(value), uniqExact(person) FROM events WHERE NOT bot OR kind = 1"
EVERYTHING = "SELECT count(), sum(value), uniqExact(person) FROM events"


def insert(stage, rows, start=0):
    """Rows for `events`."""
    stage.ask(INSERT.format(rows=rows, start=start))


def test_history_and_what_comes_later_are_counted_anew(batch):
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


def test_without_the_previous_version_the_way_back_computes_it_anew(batch):
    there = batch.objects()
    insert(batch, 3000)
    batch.rebuild(GOALS["hourly"])
    previous.run(batch.server(), "hourly_mv", timeout=15)
    assert not any(map(names.is_previous, batch.objects()))

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
    "a shadow of somebody else": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__live (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__live: left by something that no record knows of",
    ),
    "a former version of somebody else": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__prev (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__prev: left by something that no record knows of",
    ),
    "a table named like an answer": (
        GOALS["hourly"],
        ("CREATE TABLE hourly__check (n UInt64) ENGINE = MergeTree ORDER BY n",),
        "hourly__check: left by something that no record knows of",
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


def test_a_wrong_result_stops_it_and_the_former_chain_serves(batch, monkeypatch):
    insert(batch, 3000)
    before, there = batch.ask(HOURLY), batch.objects()
    assemble = shadow.assemble

    def spoil(server, outline, chunks):
        server.send(
            f"ALTER TABLE {server.name(names.chunk('hourly', 1))} UPDATE total = total + 1 "
            "WHERE kind = 3 SETTINGS mutations_sync = 1"
        )
        assemble(server, outline, chunks)

    monkeypatch.setattr(shadow, "assemble", spoil)

    with pytest.raises(RebuildStopped, match=r"hourly: 3, 2026-01-0.* \(total\)"):
        batch.rebuild(GOALS["hourly"])

    assert batch.ask(HOURLY) == before
    assert batch.objects() == there
    assert record.all_of(batch.server())[-1].lines[-1].state is State.REFUSED


def test_somebody_elses_change_stops_it_before_the_swap(batch, monkeypatch):
    insert(batch, 1000)
    verified = verify.shadows

    def meddle(server, *arguments, **options):
        server.send("ALTER TABLE daily ADD COLUMN mine UInt8")
        return verified(server, *arguments, **options)

    monkeypatch.setattr(verify, "shadows", meddle)

    with pytest.raises(Refused, match="daily was changed by another process or user"):
        batch.rebuild(GOALS["hourly"])

    assert batch.ask(HOURLY) == batch.ask(EVERYTHING)
    monkeypatch.undo()
    batch.rebuild(GOALS["hourly"])
    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(COMPUTED)


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
    for goal in stages.GOALS.values():
        assert all(len(DEFINITIONS[name]) >= number for name, number in goal.versions.items())


def test_a_plan_knows_beforehand_what_it_will_find(batch):
    there = batch.server().connection
    labels = {name: batch.read(name, 1)[1] for name in ("hourly", "hourly_mv")}
    assert not dry_run.has_previous(there, labels)
    assert dry_run.expiring(there, "hourly_mv") == []
    insert(batch, 100)

    batch.rebuild(GOALS["hourly"])
    batch.ask("ALTER TABLE events MODIFY TTL at + INTERVAL 100 YEAR")

    assert dry_run.has_previous(there, labels)
    assert dry_run.expiring(there, "hourly_mv") == ["events"]


def test_the_chain_that_serves_is_verified_and_a_difference_is_named(batch):
    insert(batch, 1000)
    there = batch.objects()
    server = batch.server()

    def look():
        outline = outlines.make(server, Goal("hourly_mv", {}, anew=True), batch.read)
        return verify.serving(server, outline, sample=Sample(), limits=Limits(), timeout=15)

    assert look().differences == []
    batch.ask("INSERT INTO daily (kind, day, messages) VALUES (3, '2026-01-01', 1)")
    assert look().differences == ["daily: 3, 2026-01-01 (messages)"]
    assert batch.objects() == there


def test_what_a_killed_question_has_left_is_in_nobodys_way(batch):
    insert(batch, 100)
    there = batch.objects()
    for left in ("hourly__cut", "events__cut", "daily__check", "hourly__probe"):
        batch.ask(
            f"CREATE TABLE {left} (x UInt8) ENGINE = MergeTree ORDER BY x COMMENT '{names.MARK}'"
        )

    batch.rebuild(GOALS["hourly"])
    batch.rebuild(back(GOALS["hourly"]))

    assert batch.objects() == there


@pytest.mark.parametrize("percent", [0, 30])
def test_a_sample_of_the_keys_is_verified_whatever_their_types(percent, batch, monkeypatch):
    wider = stages.SELECT_HOURLY.replace("{more}", "").replace("{where}", "true")
    wider = wider.replace("    kind,\n", "    toUInt64(kind) AS kind,\n", 1)
    view = f"CREATE MATERIALIZED VIEW hourly_mv TO hourly AS {wider}"
    monkeypatch.setitem(DEFINITIONS, "hourly_mv", [view, *DEFINITIONS["hourly_mv"][1:]])
    batch.ask("DROP VIEW hourly_mv")
    batch.create("hourly_mv")
    insert(batch, 5000)

    batch.rebuild(Goal("hourly_mv", {}, anew=True), sample=Sample(percent))

    assert batch.ask(HOURLY) == batch.ask(DAILY) == batch.ask(EVERYTHING)
    said = [line for line in batch.said if "a sample of 30 % by kind" in line]
    assert len(said) == (2 if percent else 0)
