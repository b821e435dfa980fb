"""Kafka tables whose ingest cannot be held, or that cannot be made again."""

import os

import pytest
from kafka import KafkaConsumer

from analytics.kafka import topics
from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

QUEUE = (
    "CREATE TABLE queue (message String) ENGINE = Kafka SETTINGS "
    "kafka_broker_list = '${kafka_brokers}', kafka_topic_list = '${topic}', "
    "kafka_group_name = '${group}', kafka_format = 'RawBLOB', "
    "kafka_flush_interval_ms = 200, kafka_poll_timeout_ms = 200"
)
LANDING = "CREATE TABLE landing (message String) ENGINE = MergeTree ORDER BY message"
LANDING_MV = "CREATE MATERIALIZED VIEW landing_mv TO landing AS SELECT message FROM queue"
VALVE = "CREATE TABLE queue_valve (message String) ENGINE = Null"
VALVE_MV = "CREATE MATERIALIZED VIEW queue_valve_mv TO queue_valve AS SELECT message FROM queue"
UP, DOWN = (f'op.recreate_kafka_table("queue", version={n})' for n in (2, 1))
ALL = {"landing": LANDING, "queue": QUEUE, "landing_mv": LANDING_MV}
VALVES = {"queue_valve": VALVE, "queue_valve_mv": VALVE_MV}


def begin(site, definitions):
    """A topic, and objects that read it; the next revision makes the Kafka table again."""
    site.revise("postgres", "0001", 'op.create_topic("${topic}")', 'op.drop_topic("${topic}")')
    made(site, "0001", definitions)
    site.passes("analytics upgrade")
    site.define("queue", f"{QUEUE}, kafka_max_block_size = 65536", version=2)
    return site.revise("clickhouse", "0002", UP, DOWN)


def made(site, revision, definitions):
    """A revision that creates these objects."""
    for name, text in definitions.items():
        site.define(name, text)
    up = [f'op.create_object("{name}", version=1)' for name in definitions]
    down = [f'op.drop_object("{name}")' for name in reversed(definitions)]
    return site.revise("clickhouse", revision, "\n".join(up), "\n".join(down))


@walks("rebuild/kafka_table.py: there is no Kafka table {}")
def test_a_kafka_table_that_is_not_there(stores):
    begin(stores, {"landing": LANDING})
    stores.define("queue", QUEUE)
    stores.refused("analytics upgrade", "queue", "op.create_object")

    made(stores, "0002", ALL | VALVES)
    edit(
        stores.folder / "migrations_ch/versions/0002_test.py",
        '    op.create_object("landing", version=1)\n',
        "",
    )
    edit(
        stores.folder / "migrations_ch/versions/0002_test.py", '    op.drop_object("landing")\n', ""
    )
    stores.revise("clickhouse", "0003", UP, DOWN)

    stores.passes("analytics upgrade")


@walks(
    "rebuild/kafka_table.py: {} reads as group {}, and its next version as {}, "
    "which would read the topic from its start"
)
def test_another_group(stores, databases):
    begin(stores, ALL | VALVES)
    file = stores.define("queue", QUEUE.replace("${group}", "${group}_more"), version=2)
    stores.refused("analytics upgrade", f"{databases.name}_more", "keep kafka_group_name")

    edit(file, "${group}_more", "${group}")

    stores.passes("analytics upgrade")


@walks("rebuild/barrier.py: Kafka table {} has no valve, so its rows cannot be held for a moment")
def test_a_kafka_table_without_a_valve(stores):
    begin(stores, ALL)
    said = stores.refused("analytics upgrade", "queue")

    file = made(stores, "0002", dict(zip(VALVES, said.statements, strict=True)))
    edit(file, "\n\n\ndef downgrade():\n", f"\n    {UP}\n\n\ndef downgrade():\n    {DOWN}\n")

    stores.passes("analytics upgrade")


@walks("kafka/topics.py: {} after {} s")
def test_a_group_that_somebody_reads_with(stores, databases, monkeypatch):
    monkeypatch.setattr(topics, "WAIT", 1.0)
    forget = 'op.drop_object("queue", forget_offsets=True)'
    file = begin(stores, {"landing": LANDING, "queue": QUEUE})
    edit(file, UP, forget)
    edit(file, DOWN, 'op.create_object("queue", version=1)')
    group, topic = f"clickhouse_{databases.name}", f"{databases.name}_events"
    brokers = os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"]
    reader = KafkaConsumer(topic, bootstrap_servers=brokers, group_id=group)
    while not reader.assignment():
        reader.poll(timeout_ms=200)
    stores.refused("analytics upgrade", group, "still has members")

    reader.close()

    stores.passes("analytics upgrade")
