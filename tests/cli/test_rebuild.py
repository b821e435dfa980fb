"""`analytics rebuild --dry-run`, `rebuilds`, `verify`, on our own chain."""

import json

import pytest

MESSAGE = (
    '{"payload": {"op": "c", "ts_ms": 1, "source": {"table": "events", "lsn": %d}, "after": '
    '{"id": "e%d", "experiment_id": "x", "user_id": "u", "variant_id": "v", '
    '"event_type": "page_view", "timestamp": "2026-01-01T00:00:00Z", '
    '"properties": "{\\\\"bot\\\\": %s}"}}}'
)


@pytest.fixture
def counted(databases, alembic):
    """Our pipeline with ten events, of which one is a bot's, before bots are left out."""
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "0017").code == 0
    rows = ", ".join(
        f"('{MESSAGE % (n + 1, n, 'true' if n == 0 else 'false')}', 't', 0, {n})" for n in range(10)
    )
    databases.clickhouse(
        f"INSERT INTO raw_events (message, topic, partition, offset) VALUES {rows}"
    )
    return databases


@pytest.mark.services
def test_what_a_rebuild_would_do_is_told_and_not_done(run, counted):
    outcome = run("rebuild", "--dry-run", "hourly_stats_mv", "2")

    assert outcome.exit_code == 0, outcome.output
    for said in (
        "reads    events_processed (10 rows",
        "through  hourly_stats_mv, daily_stats_mv",
        "changes  hourly_stats_mv to version 2",
        "holds    raw_events_kafka",
        "pauses   two or three",
    ):
        assert said in outcome.output
    assert run("rebuilds").output.endswith("no rebuild yet\n")
    assert counted.clickhouse("SELECT uniqExactMerge(events) FROM experiment_hourly_stats") == [
        ["10"]
    ]


@pytest.mark.services
def test_a_rebuild_is_listed_and_a_difference_found(run, counted, alembic):
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    counts = "SELECT uniqExactMerge(events) FROM experiment_{}_stats"
    assert counted.clickhouse(counts.format("hourly")) == [["9"]]
    assert counted.clickhouse(counts.format("daily")) == [["9"]]

    (listed,) = json.loads(run("rebuilds", "--json").stdout)
    assert (listed["view"], listed["state"], listed["left"]) == ("hourly_stats_mv", "done", 0)
    assert run("verify").exit_code == 0

    counted.clickhouse(
        "INSERT INTO experiment_daily_stats (experiment_id, variant_id, day, rows_ingested) "
        "VALUES ('x', 'v', '2030-01-01', 1)"
    )
    outcome = run("verify", "hourly_stats_mv")
    assert outcome.exit_code == 6
    assert "experiment_daily_stats: x, v, 2030-01-01 (rows_ingested" in outcome.output


@pytest.mark.services
def test_a_chain_that_cannot_be_compared_is_skipped_with_the_reason(run, counted):
    for name in ("twice", "twice_source"):
        counted.clickhouse(f"CREATE TABLE {name} (n UInt64) ENGINE = MergeTree ORDER BY n")
    select = "SELECT n FROM twice_source UNION ALL SELECT n FROM twice_source"
    counted.clickhouse(f"CREATE MATERIALIZED VIEW twice_mv TO twice AS {select}")

    outcome = run("verify")

    assert outcome.exit_code == 0, outcome.output
    assert "twice_mv, not compared: twice_mv is in the chain" in outcome.output
    assert "experiment_hourly_stats: " in outcome.output
    refused = run("verify", "twice_mv")
    assert refused.exit_code != 0
    for name in ("VIEW twice_mv", "TABLE twice", "TABLE twice_source"):
        counted.clickhouse(f"DROP {name}")


def test_without_dry_run_it_says_how_it_is_done(run):
    outcome = run("rebuild", "hourly_stats_mv", "2")

    assert outcome.exit_code == 2
    assert "op.rebuild_view" in outcome.output
