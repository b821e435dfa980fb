"""Rows that no source makes again stay, in the tables that `keep` names, with what they feed."""

import pytest

from analytics.errors import DataLoss, Refused
from analytics.rebuild import dry_run
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal

pytestmark = pytest.mark.slow

SOURCE = (
    "CREATE TABLE source (id UInt64, shop Nullable(String), at DateTime) "
    "ENGINE = MergeTree PARTITION BY toYYYYMM(at) ORDER BY id"
)
KEYED = "SETTINGS allow_nullable_key = 1"
HOURS = (
    "CREATE TABLE hours (shop Nullable(String), hour DateTime, n UInt64, note String) "
    f"ENGINE = SummingMergeTree(n) ORDER BY (shop, hour) {KEYED}",
    "CREATE TABLE hours (shop Nullable(String), hour DateTime, "
    "n SimpleAggregateFunction(sum, UInt64), note String, "
    f"ids AggregateFunction(uniq, UInt64)) ENGINE = AggregatingMergeTree "
    f"ORDER BY (shop, hour) {KEYED}",
)
DAYS = (
    "CREATE TABLE days (shop Nullable(String), day Date, n UInt64) "
    f"ENGINE = SummingMergeTree(n) ORDER BY (toStartOfMonth(day), day, shop) {KEYED}"
)
HOURS_MV = (
    "CREATE MATERIALIZED VIEW hours_mv TO hours AS "
    "SELECT shop, toStartOfHour(at) AS hour, count() AS n FROM source GROUP BY shop, hour"
)
DAYS_MV = (
    "CREATE MATERIALIZED VIEW days_mv TO days AS "
    "SELECT shop, toDate(hour) AS day, sum(n) AS n FROM hours GROUP BY shop, day"
)
ROWS = (
    "INSERT INTO source SELECT number, ['a', 'b', NULL][number % 3 + 1], "
    "toDateTime('2024-03-01') + number * 60 FROM numbers(6000)"
)
IMPORT = (
    "INSERT INTO hours SELECT ['a', NULL, ''][number % 3 + 1], "
    "toDateTime('2020-01-01') + number * 3600, 100, 'imported' FROM numbers(90)"
)
KEEPING = Goal("hours_mv", {"hours_mv": 2}, keep=("hours",))
COUNTS = "SELECT (SELECT sum(n) FROM hours), (SELECT sum(n) FROM days)"


@pytest.fixture
def shop(own):
    """Hours and days of 6,000 rows of a source, and 90 hours that were imported."""
    own.define("source", SOURCE)
    own.define(
        "hours", HOURS[0], HOURS[1].replace("n UInt64", "n SimpleAggregateFunction(sum, UInt64)")
    )
    own.define("days", DAYS)
    own.define("hours_mv", HOURS_MV, HOURS_MV.replace("source", "source WHERE id >= 10"))
    own.define("days_mv", DAYS_MV)
    own.ask(ROWS)
    own.ask(IMPORT)
    return own


def test_imported_hours_stay_and_so_do_their_days(shop):
    assert shop.ask(COUNTS) == [[15000, 15000]]

    shop.rebuild(KEEPING)

    assert shop.ask(COUNTS) == [[14990, 14990]]
    assert shop.ask("SELECT count(), sum(n) FROM hours WHERE note = 'imported'") == [[90, 9000]]
    assert shop.ask("SELECT sum(n) FROM days WHERE day < '2021-01-01'") == [[9000]]
    assert "hours: 90 rows that no source makes are kept" in shop.said
    assert not [name for name in shop.objects() if "__" in name and not name.endswith("__prev")]


def test_the_way_back_has_them_and_the_rows_since(shop):
    shop.rebuild(KEEPING)
    shop.ask("INSERT INTO source VALUES (7000, 'a', '2024-05-01 00:00:00')")

    shop.rebuild(Goal("hours_mv", {"hours_mv": 1}, keep=("hours",)))

    assert shop.ask(COUNTS) == [[15001, 15001]]


def test_they_are_kept_in_a_table_that_changes_with_the_view(shop):
    shop.rebuild(Goal("hours_mv", {"hours_mv": 2, "hours": 2}, keep=("hours",)))

    assert shop.ask(COUNTS) == [[14990, 14990]]
    assert shop.ask("SELECT count() FROM hours WHERE note = 'imported'") == [[90]]


def test_a_partition_of_the_source_that_was_dropped_stays_counted(shop):
    shop.ask("INSERT INTO source SELECT number, 'a', '2023-01-01 00:00:00' FROM numbers(10)")
    shop.ask("ALTER TABLE source DROP PARTITION 202301")

    shop.rebuild(KEEPING)

    assert shop.ask(COUNTS) == [[15000, 15000]]


def test_a_value_that_no_source_makes_is_still_named(shop):
    shop.ask("ALTER TABLE hours UPDATE n = n + 1 WHERE shop = 'b' SETTINGS mutations_sync = 1")

    foreseen = dry_run.foresee(shop.server(), KEEPING, shop.read, Options())
    with pytest.raises(DataLoss, match="no source makes again hours: b, 2024-03"):
        shop.rebuild(KEEPING)

    assert foreseen.losses.keys() == {"hours"}
    assert not [name for name in shop.objects() if "__" in name]


def test_what_only_lower_tables_have_is_named_unless_they_are_kept_too(shop):
    shop.ask("INSERT INTO days VALUES ('z', '2019-01-01', 7)")

    with pytest.raises(DataLoss, match="no source makes again days: 2019-01-01"):
        shop.rebuild(KEEPING)
    shop.rebuild(Goal("hours_mv", {"hours_mv": 2}, keep=("hours", "days")))

    assert shop.ask(COUNTS) == [[14990, 14997]]


@pytest.mark.parametrize("table", ["source", "nothing"])
def test_a_table_that_the_view_does_not_fill_is_refused_by_name(table, shop):
    with pytest.raises(Refused, match=f"keep={table}: hours_mv does not fill such a table"):
        shop.rebuild(Goal("hours_mv", {"hours_mv": 2}, keep=(table,)))
