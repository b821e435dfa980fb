"""A topic that is deleted and made again, and messages that come twice: nothing is lost by it."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.arrival import await_rows
from tests.pipeline.test_end_to_end import EVENT, REFERENCE

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=2)]

IN_RAW = """
SELECT count(), uniqExact(JSONExtractString(message, 'after', 'id')) FROM raw_events FINAL
WHERE JSONExtractString(message, 'source', 'table') = 'events'"""
DONE = "SELECT count() FROM events_processed FINAL"


def write(databases, count):
    with databases.postgres() as connection:
        for _ in range(count):
            connection.execute(EVENT, (uuid.uuid4(), "u1", "exposure", "{}"))


def verified():
    """Exit code and findings of `analytics verify`."""
    command = [Path(sys.executable).with_name("analytics"), "verify", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.fixture
def pipeline(databases, alembic):
    """Both histories at their heads, and 200 events that have arrived."""
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    with databases.postgres() as connection:
        connection.execute(REFERENCE)
    write(databases, 200)
    await_rows(databases, DONE, [["200"]])
    return databases


def test_the_messages_of_a_deleted_topic_outlive_the_next_one(pipeline, alembic):
    for command in (
        ("-n", "clickhouse", "downgrade", "0016"),
        ("downgrade", "0005"),
        ("upgrade", "head"),
        ("-n", "clickhouse", "upgrade", "head"),
    ):
        outcome = alembic(*command)
        assert outcome.code == 0, outcome.err
    write(pipeline, 150)
    await_rows(pipeline, DONE, [["350"]])

    pipeline.clickhouse("OPTIMIZE TABLE raw_events FINAL")

    assert pipeline.clickhouse(IN_RAW) == [["350", "350"]]
    code, findings, said = verified()
    differing = [c for each in findings.values() for c in each["compared"] if c["differing"]]
    assert (code, differing) == (0, []), said


def test_messages_that_come_twice_are_one(pipeline):
    again = "INSERT INTO raw_events (message, topic, partition, offset) SELECT message, topic, "
    pipeline.clickhouse(f"{again} partition, offset FROM raw_events")

    pipeline.clickhouse("OPTIMIZE TABLE raw_events FINAL")

    assert pipeline.clickhouse(IN_RAW) == [["200", "200"]]
    pipeline.clickhouse("OPTIMIZE TABLE events_processed FINAL")
    assert pipeline.clickhouse("SELECT sum(events_ingested) FROM user_experiment_stats") == [
        ["400"]
    ]
    code, findings, said = verified()
    differing = [c for each in findings.values() for c in each["compared"] if c["differing"]]
    assert (code, differing) == (0, []), said


def test_a_sum_with_fewer_rows_than_its_sources_is_a_difference(pipeline):
    pipeline.clickhouse("TRUNCATE TABLE user_experiment_stats")

    code, findings, _ = verified()

    assert code == 6
    compared = [each for verdict in findings.values() for each in verdict["compared"]]
    differing = [each["shown"] for each in compared if each["differing"]]
    assert "events_ingested" in str(differing)
    assert "is more" not in str(differing)


def test_the_way_back_holds_ingest_and_loses_nothing(pipeline, alembic):
    outcome = alembic("-n", "clickhouse", "downgrade", "0018")
    assert outcome.code == 0, outcome.err
    write(pipeline, 50)
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    await_rows(pipeline, DONE, [["250"]])
    assert pipeline.clickhouse(IN_RAW) == [["250", "250"]]
