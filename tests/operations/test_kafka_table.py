"""op.recreate_kafka_table: its script and its refusal; tests/rebuild has it under load."""

import pytest

QUEUE = (
    "CREATE TABLE queue (message String) ENGINE = Kafka SETTINGS "
    "kafka_broker_list = 'b', kafka_topic_list = 't', kafka_group_name = 'g', "
    "kafka_format = 'RawBLOB'"
)
FILES = {
    "objects__queue_v01_sql": QUEUE,
    "objects__queue_v02_sql": f"{QUEUE}, kafka_num_consumers = 2",
}
UP = 'op.recreate_kafka_table("queue", version=2)'


def test_the_script_holds_ingest_around_it(revise, nowhere):
    script = revise("clickhouse", UP, **FILES)("upgrade", "head", "--sql").out

    assert "-- hold ingest" in script
    assert "DROP TABLE queue;\nCREATE TABLE queue" in script
    assert "kafka_num_consumers = 2" in script


@pytest.mark.services
def test_a_table_that_is_not_there_is_refused(revise, databases):
    outcome = revise("clickhouse", UP, **FILES)("upgrade", "head")

    assert outcome.code != 0
    assert "there is no Kafka table queue" in outcome.err
    assert "op.create_object" in outcome.err


@pytest.mark.services
def test_another_group_is_refused(revise, databases):
    other = {"objects__queue_v02_sql": QUEUE.replace("'g'", "'h'")}
    up = 'op.create_object("queue", version=1)\nop.recreate_kafka_table("queue", version=2)'

    outcome = revise("clickhouse", up, **FILES | other)("upgrade", "head")

    assert outcome.code != 0
    assert "queue reads as group g, and its next version as h" in outcome.err
