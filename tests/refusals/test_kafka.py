"""Kafka: topics that are there in another way, or that cannot be."""

import os
import re

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.structs import OffsetAndMetadata

from analytics.kafka import topics
from analytics.settings import brokers
from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

TOPIC = '"${namespace}_orders"'
MAKE, DROP = f"op.create_topic({TOPIC}, partitions=1)", f"op.drop_topic({TOPIC})"


@walks("kafka/topics.py: Kafka at {} refuses: {}")
def test_a_topic_that_the_broker_refuses(stores):
    file = stores.revise("postgres", "0001", MAKE.replace(TOPIC, '"not a name"'), DROP)
    stores.refused("analytics upgrade", "InvalidTopicError", "not a name", "0001")

    edit(file, '"not a name"', TOPIC)

    stores.passes("analytics upgrade")


@walks("kafka/topics.py: Kafka at {} does not answer ({})")
def test_a_broker_that_does_not_answer(stores, monkeypatch):
    monkeypatch.setattr(topics, "ANSWER", 1.0)
    stores.revise("postgres", "0001", MAKE, DROP)
    right = os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"]
    monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    stores.refused("alembic upgrade head", "127.0.0.1:1", "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS")

    monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", right)

    stores.passes("alembic upgrade head")


@pytest.fixture
def broker(stack):
    """An admin client, and the topics that a walk has left are gone afterwards."""
    with topics.admin(brokers.of(stack)) as client:
        yield client


@walks("operations/topic.py: topic {} is there already, with {}")
def test_a_topic_that_is_there_in_another_way(stores, databases, broker):
    broker.create_topics([NewTopic(f"{databases.name}_orders", 2, 1)])
    file = stores.revise("postgres", "0001", MAKE, DROP)
    said = stores.refused("analytics upgrade", "2 partitions, not 1")
    assert "adopt=True" in said.text

    edit(file, "partitions=1", "partitions=1, adopt=True")

    stores.passes("analytics upgrade")
    assert topics.partitions(broker, f"{databases.name}_orders") == 2


CHANGES = {
    "kafka/topic_settings.py: there is no topic {}": (
        'op.change_topic("${namespace}_order", partitions=3)',
        MAKE.replace("orders", "order"),
        DROP.replace("orders", "order"),
    ),
    "kafka/topic_settings.py: topic {} has {} partitions, and Kafka takes none away": (
        f'op.change_topic({TOPIC}, partitions=1, config={{"retention.ms": "5000"}})',
        f'op.change_topic({TOPIC}, config={{"retention.ms": "5000"}})',
        "pass",
    ),
}


@walks(*CHANGES)
@pytest.mark.parametrize("key", CHANGES)
def test_a_topic_that_cannot_be_changed_so(key, stores):
    wrong, right, down = CHANGES[key]
    stores.revise("postgres", "0001", MAKE.replace("=1", "=2"), DROP)
    stores.revise("postgres", "0002", wrong, down)
    said = stores.refused("analytics upgrade", "_order")
    assert ("op.create_topic" if "no topic" in key else "leave partitions out") in said.text

    stores.revise("postgres", "0002", right, down)

    stores.passes("analytics upgrade")


@walks("operations/_topic_use.py: topic {} has messages that were not read: {}")
def test_a_topic_that_was_not_read(stores, databases, broker, stack):
    topic, group = f"{databases.name}_orders", f"{databases.name}_readers"
    stores.revise("postgres", "0001", MAKE, DROP)
    stores.passes("analytics upgrade")
    producer = KafkaProducer(bootstrap_servers=stack.need("kafka_bootstrap_servers"))
    producer.send(topic, b"an order")
    producer.close()
    broker.alter_group_offsets(group, {TopicPartition(topic, 0): OffsetAndMetadata(0, "", -1)})

    said = stores.refused("alembic downgrade base", topic, f"1 by group {group}")

    option = re.findall(r"-x allow_data_loss=\S+", said.text)[0]
    stores.passes(f"alembic {option} downgrade base")
    topics.delete_group(broker, group)
