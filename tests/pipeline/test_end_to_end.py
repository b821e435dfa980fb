"""Rows written to PostgreSQL, and what ClickHouse makes of them."""

import json
import uuid

import pytest
from kafka import KafkaProducer

from tests.arrival import await_rows

pytestmark = pytest.mark.services

EVENT = """
INSERT INTO experiments.events (id, experiment_id, user_id, variant_id, event_type, properties)
VALUES (%s, 'e1', %s, 'A', %s, %s)"""
REFERENCE = """
INSERT INTO experiments.experiments (id, name) VALUES ('e1', 'One');
INSERT INTO experiments.variants VALUES ('e1', 'A', 'a', true, 0.5), ('e1', 'B', 'b', false, 0.5);
INSERT INTO experiments.users (id) SELECT 'u' || n FROM generate_series(1, 100) AS n;"""
HOURLY = """
SELECT uniqExactMerge(events), uniqExactIfMerge(conversions), uniqExactMerge(users),
       uniqExactIfMerge(converting_users)
FROM experiment_hourly_stats WHERE experiment_id = 'e1'"""


@pytest.fixture
def pipeline(databases, alembic):
    """Both histories at their heads, and some reference data."""
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    with databases.postgres() as connection:
        connection.execute(REFERENCE)
    return databases


def test_an_event_is_inserted_corrected_and_deleted(pipeline):
    event = str(uuid.uuid4())
    query = f"SELECT event_type, value FROM events_processed FINAL WHERE event_id = '{event}'"

    with pipeline.postgres() as connection:
        connection.execute(EVENT, (event, "u1", "conversion", '{"value": 3}'))
        await_rows(pipeline, query, [["conversion", "3"]])

        connection.execute(
            """UPDATE experiments.events SET properties = '{"value": "4.25"}' WHERE id = %s""",
            (event,),
        )
        await_rows(pipeline, query, [["conversion", "4.25"]])

        connection.execute("DELETE FROM experiments.events WHERE id = %s", (event,))
        await_rows(pipeline, query, [])


def test_an_assignment_is_made_changed_and_taken_back(pipeline):
    query = "SELECT variant_id FROM assignments_processed FINAL WHERE user_id = 'u1'"

    with pipeline.postgres() as connection:
        connection.execute(
            "INSERT INTO experiments.assignments (experiment_id, user_id, variant_id) "
            "VALUES ('e1', 'u1', 'A')"
        )
        await_rows(pipeline, query, [["A"]])

        connection.execute("UPDATE experiments.assignments SET variant_id = 'B'")
        await_rows(pipeline, query, [["B"]])

        connection.execute("DELETE FROM experiments.assignments")
        await_rows(pipeline, query, [])


def test_hourly_sets_count_each_event_once(pipeline):
    with pipeline.postgres() as connection, connection.transaction():
        for n in range(1, 101):
            kind = "conversion" if n % 4 == 0 else "exposure"
            connection.execute(EVENT, (uuid.uuid4(), f"u{n}", kind, '{"value": 2}'))
    await_rows(pipeline, HOURLY, [["100", "25", "100", "25"]])

    with pipeline.postgres() as connection:  # the same events again, as an application retries
        connection.execute("UPDATE experiments.events SET session_id = 's'")
    rows = "SELECT count() FROM events_processed WHERE session_id = 's'"
    await_rows(pipeline, rows, [["100"]])
    await_rows(pipeline, HOURLY, [["100", "25", "100", "25"]])


def test_malformed_messages_are_rejected_with_a_reason_and_ingest_goes_on(pipeline, stack):
    messages = {
        b"not json": "not_json",
        b"\xff\xfe\x00": "not_json",
        b"two\nlines": "not_json",
        b"[]": "unknown_source",
        b'{"op": "x", "source": {"table": "events"}}': "unknown_op",
        b'{"op": "c", "source": {"table": "events"}, "after": null}': "event_without_id",
    }
    producer = KafkaProducer(bootstrap_servers=stack.need("kafka_bootstrap_servers"))
    for message in messages:
        producer.send(f"{pipeline.name}_events", message)
    producer.close()

    with pipeline.postgres() as connection:
        connection.execute(EVENT, (uuid.uuid4(), "u1", "exposure", "{}"))
    await_rows(pipeline, "SELECT count() FROM events_processed", [["1"]])

    rejected = "SELECT reason, count() FROM rejected_messages FINAL GROUP BY reason ORDER BY reason"
    expected = [["event_without_id", "1"], ["not_json", "3"], ["unknown_op", "1"]]
    await_rows(pipeline, rejected, [*expected, ["unknown_source", "1"]])


def test_a_message_over_several_lines_is_one_event(pipeline, stack):
    record = {
        "id": "x",
        "experiment_id": "e1",
        "user_id": "u1",
        "timestamp": "2026-01-01T00:00:00Z",
    }
    envelope = {"op": "c", "source": {"table": "events", "lsn": 1}, "after": record}
    producer = KafkaProducer(bootstrap_servers=stack.need("kafka_bootstrap_servers"))

    producer.send(f"{pipeline.name}_events", json.dumps(envelope, indent=2).encode())
    producer.close()

    await_rows(pipeline, "SELECT event_id FROM events_processed", [["x"]])


def test_what_was_committed_before_clickhouse_came_is_read_as_well(databases, alembic):
    assert alembic("upgrade", "head").code == 0
    with databases.postgres() as connection:
        for n in range(50):
            connection.execute(EVENT, (uuid.uuid4(), f"u{n}", "exposure", "{}"))

    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0

    await_rows(databases, "SELECT count() FROM events_processed FINAL", [["50"]])
    await_rows(databases, HOURLY, [["50", "0", "50", "0"]])


def test_dictionaries_show_reference_data_live(pipeline):
    control = "SELECT variant_id FROM variants_dict WHERE is_control"
    await_rows(pipeline, control, [["A"]])

    await_rows(pipeline, "SELECT status FROM experiments_dict", [["draft"]])

    with pipeline.postgres() as connection:
        connection.execute("UPDATE experiments.experiments SET status = 'running'")
        connection.execute("INSERT INTO experiments.variants VALUES ('e1', 'C', 'c', false, 0)")

    await_rows(pipeline, "SELECT status FROM experiments_dict", [["running"]])
    await_rows(pipeline, "SELECT count() FROM variants_dict", [["3"]])
    assert pipeline.clickhouse("SELECT count() FROM users_dict") == [["100"]]


def test_two_clickhouse_databases_hold_a_whole_schema_each(pipeline, alembic):
    second = f"{pipeline.name}_2"
    pipeline.clickhouse(f"CREATE DATABASE {second} ENGINE = Atomic")
    url = f"{pipeline.clickhouse_url}_2"
    assert alembic("-n", "clickhouse", "-x", f"url={url}", "upgrade", "head").code == 0

    with pipeline.postgres() as connection:
        connection.execute(EVENT, (uuid.uuid4(), "u1", "exposure", "{}"))
    await_rows(pipeline, "SELECT count() FROM events_processed", [["1"]])
    await_rows(pipeline, f"SELECT count() FROM {second}.events_processed", [["1"]])

    assert alembic("-n", "clickhouse", "-x", f"url={url}", "downgrade", "base").code == 0
    assert alembic("-n", "clickhouse", "check").code == 0
    pipeline.clickhouse(f"DROP DATABASE {second}")
