"""What serves and no source makes again: it is named, and lost only if that was allowed by name."""

import pytest

from analytics.errors import DataLoss
from analytics.rebuild import dry_run, machine, outlook, record
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State

pytestmark = pytest.mark.slow

SOURCE = (
    "CREATE TABLE source (id UInt64, d Date) "
    "ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY id"
)
DAYS = "CREATE TABLE days (d Date, c UInt64{more}) ENGINE = SummingMergeTree(c) ORDER BY d"
VIEW = (
    "CREATE MATERIALIZED VIEW days_mv TO days AS "
    "SELECT d, count() AS c FROM source{where} GROUP BY d"
)
GOAL = Goal("days_mv", {"days_mv": 2})
ROWS = "INSERT INTO source SELECT number, toDate('2024-01-01') + number % 60 FROM numbers(6000)"


@pytest.fixture
def days(own):
    """Days counted out of a source of 6,000 rows."""
    own.define("source", SOURCE)
    own.define("days", DAYS.format(more=""), DAYS.format(more=", note String"))
    own.define("days_mv", *(VIEW.format(where=w) for w in ("", " WHERE id >= 0", " WHERE id > 9")))
    own.ask(ROWS)
    return own


FAR = "CREATE MATERIALIZED VIEW {database}_far.far_mv TO {database}.days AS SELECT d, c FROM t"
LOST = {
    "an import": (
        ["INSERT INTO days SELECT toDate('2020-01-01') + number, 100 FROM numbers(365)"],
        "days: 2020-01-01 (c)",
        "and 360 more",
    ),
    "a partition of the source that was dropped": (
        ["ALTER TABLE source DROP PARTITION 202401"],
        "days: 2024-01-",
        "and 26 more",
    ),
    "rows of the source that have expired": (
        [
            "ALTER TABLE source MODIFY TTL d + INTERVAL 1 DAY WHERE id < 600",
            "ALTER TABLE source MATERIALIZE TTL SETTINGS mutations_sync = 1",
            "OPTIMIZE TABLE source FINAL",
        ],
        "(c)",
        "and 55 more",
    ),
    "values that were corrected by hand": (
        ["ALTER TABLE days UPDATE c = c + 1 WHERE d = '2024-02-03' SETTINGS mutations_sync = 1"],
        "days: 2024-02-03 (c)",
        "",
    ),
    "a column that was added and filled by hand": (
        [
            "ALTER TABLE days ADD COLUMN by_hand String",
            "ALTER TABLE days UPDATE by_hand = 'x' WHERE d = '2024-02-03' "
            "SETTINGS mutations_sync = 1",
        ],
        "by_hand",
        "",
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_no_source_makes_again_stops_a_rebuild_before_anything_is_computed(case, days):
    statements, key, more = LOST[case]
    for statement in statements:
        days.ask(statement)
    before, there = days.ask("SELECT * FROM days FINAL ORDER BY ALL"), days.objects()

    foreseen = dry_run.foresee(days.server(), GOAL, days.read, Options())
    assert key in foreseen.losses["days"]
    with pytest.raises(DataLoss) as caught:
        days.rebuild(GOAL)

    assert key in str(caught.value) and more in str(caught.value)
    assert "--allow-data-loss days" in caught.value.remedy
    assert days.ask("SELECT * FROM days FINAL ORDER BY ALL") == before
    assert days.objects() == there
    assert record.all_of(days.server())[-1].lines[-1].state is State.REFUSED


def test_it_is_lost_once_it_was_allowed_and_kept_for_the_way_back(days):
    days.ask("INSERT INTO days SELECT toDate('2020-01-01') + number, 100 FROM numbers(365)")
    before = days.ask("SELECT count(), sum(c) FROM days FINAL")

    days.rebuild(GOAL, allows=lambda name: name == "days")

    assert days.ask("SELECT count(), sum(c) FROM days FINAL") == [[60, 6000]]
    assert any("not made by its sources, days: 2020-01-01" in line for line in days.said)
    days.rebuild(Goal("days_mv", {"days_mv": 1}))
    assert days.ask("SELECT count(), sum(c) FROM days FINAL") == before


def test_the_only_copy_of_what_was_lost_is_not_dropped_by_the_next_rebuild(days):
    days.ask("INSERT INTO days SELECT toDate('2020-01-01') + number, 100 FROM numbers(365)")
    days.rebuild(GOAL, allows=lambda name: name == "days")

    with pytest.raises(DataLoss, match="days__prev") as caught:
        days.rebuild(Goal("days_mv", {"days_mv": 3}))

    with pytest.raises(DataLoss, match="days__prev is dropped, the only copy of days: 2020-01-01"):
        machine.forget(days.server(), "days_mv", Options())
    assert outlook.only_copies(days.server(), "days_mv").keys() == {"days__prev"}
    assert "--allow-data-loss days__prev" in caught.value.remedy
    assert days.ask("SELECT count() FROM days__prev WHERE d < '2021-01-01'") == [[365]]
    days.rebuild(Goal("days_mv", {"days_mv": 3}), allows=lambda name: name == "days__prev")
    assert days.ask("SELECT sum(c) FROM days FINAL") == [[5990]]


def test_what_the_sources_make_beside_what_serves_is_no_loss(days):
    days.ask("TRUNCATE TABLE days")

    days.rebuild(Goal("days_mv", {}, anew=True))

    assert days.ask("SELECT sum(c) FROM days FINAL") == [[6000]]


def test_a_time_that_a_default_gives_is_no_loss_and_is_said(own):
    own.define("source", SOURCE)
    table = "(id UInt64, at DateTime64(6) DEFAULT now64(6), day Date DEFAULT toDate(at))"
    own.define("target", f"CREATE TABLE target {table} ENGINE = MergeTree ORDER BY id")
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id FROM source"
    own.define("target_mv", view, f"{view} WHERE id >= 0")
    own.ask(ROWS)

    own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.ask("SELECT count() FROM target") == [[6000]]
    assert any("at: its DEFAULT now64(6) gives another value now" in line for line in own.said)


@pytest.mark.parametrize("engine", ["ReplacingMergeTree", "ReplacingMergeTree(m)"])
def test_the_row_that_counts_is_known_by_its_version_alone(engine, own):
    own.define(
        "source",
        "CREATE TABLE source (id UInt64, v UInt64, m UInt32) "
        "ENGINE = MergeTree PARTITION BY m ORDER BY tuple()",
    )
    own.define(
        "target",
        f"CREATE TABLE target (id UInt64, v UInt64, m UInt32) ENGINE = {engine} ORDER BY id",
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id, v, m FROM source"
    own.define("target_mv", view, f"{view} WHERE id != 5")
    own.ask("INSERT INTO source SELECT number, 1, 202402 FROM numbers(1000)")
    own.ask("INSERT INTO source SELECT number, 2, 202401 FROM numbers(1000)")
    goal = Goal("target_mv", {"target_mv": 2})

    if engine == "ReplacingMergeTree":
        with pytest.raises(DataLoss, match="which row counts"):
            own.rebuild(goal)
        assert own.ask("SELECT sum(v) FROM target FINAL") == [[2000]]
    else:
        own.rebuild(goal)
        assert own.ask("SELECT sum(v) FROM target FINAL") == [[999]]


def test_sums_over_a_source_that_replaces_its_rows_are_compared(own):
    own.define(
        "source",
        "CREATE TABLE source (id UInt64, v UInt64) ENGINE = ReplacingMergeTree ORDER BY id",
    )
    own.define("sums", "CREATE TABLE sums (k UInt8, c UInt64) ENGINE = SummingMergeTree ORDER BY k")
    view = (
        "CREATE MATERIALIZED VIEW sums_mv TO sums AS "
        "SELECT id % 3 AS k, count() AS c FROM source{} GROUP BY k"
    )
    own.define("sums_mv", view.format(""), view.format(" WHERE v >= 0"))
    for _ in range(3):
        own.ask("INSERT INTO source SELECT number, 1 FROM numbers(10000)")
    own.ask("OPTIMIZE TABLE source FINAL")

    with pytest.raises(DataLoss, match=r"sums: .*\(c\)"):
        own.rebuild(Goal("sums_mv", {"sums_mv": 2}))

    assert own.ask("SELECT sum(c) FROM sums") == [[30000]]


COLUMNS = {  # beside `id`, which the view writes -> what is said of it, if it is no loss
    "brand String, note String DEFAULT brand": "",
    "hexed String EPHEMERAL, note String DEFAULT unhex(hexed)": "",
    "note UUID DEFAULT generateUUIDv4()": "note: its DEFAULT generateUUIDv4() gives",
}
NUMBERS = "CREATE TABLE source (id UInt64) ENGINE = MergeTree ORDER BY id"


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_column_that_no_view_writes_is_lost_if_it_was_filled(columns, own):
    own.define("source", NUMBERS)
    own.define(
        "target", f"CREATE TABLE target (id UInt64, {columns}) ENGINE = MergeTree ORDER BY id"
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id FROM source"
    own.define("target_mv", view, f"{view} WHERE id >= 0", f"{view} WHERE id < 10000")
    own.ask("INSERT INTO source SELECT number FROM numbers(10)")

    own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.ask("SELECT count() FROM target") == [[10]]
    assert any(COLUMNS[columns] in line for line in own.said)
    if not COLUMNS[columns]:
        own.ask("ALTER TABLE target UPDATE note = 'mine' WHERE id = 3 SETTINGS mutations_sync = 1")
        with pytest.raises(DataLoss, match="target: "):
            own.rebuild(Goal("target_mv", {"target_mv": 3}))


def test_a_view_may_write_through_an_ephemeral_column(own):
    own.define("source", NUMBERS)
    own.define(
        "target",
        "CREATE TABLE target (id UInt64, hexed String EPHEMERAL, name String DEFAULT unhex(hexed)) "
        "ENGINE = MergeTree ORDER BY id",
    )
    view = "CREATE MATERIALIZED VIEW target_mv TO target AS SELECT id, hex(id) AS hexed FROM source"
    own.define("target_mv", view, f"{view} WHERE id >= 0")
    own.ask("INSERT INTO source SELECT number + 65 FROM numbers(10)")
    before = own.ask("SELECT groupArray(name) FROM target")

    own.rebuild(Goal("target_mv", {"target_mv": 2}))

    assert own.ask("SELECT groupArray(name) FROM target") == before
