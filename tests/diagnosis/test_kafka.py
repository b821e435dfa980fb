"""Errors of Kafka, provoked through the admin client and a consumer."""

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from analytics import diagnosis
from analytics.errors import AnalyticsError
from analytics.kafka import topics
from analytics.settings.brokers import Brokers

pytestmark = pytest.mark.services

KAFKA = {
    "the number of partitions is not possible": {"num_partitions": -5},
    "there are fewer brokers than replicas asked for": {"replication_factor": 9},
    "a setting of the topic is not accepted": {"configs": {"retention.ms": "soon"}},
    "the name is not valid for a topic": {"topic": "a topic?"},
    "a topic that it needs is not there": "lists what is not there",
    "messages that it wants to read were deleted by the topic's retention": "reads far away",
    "no broker answers": "nobody there",
}


def make(servers, name, **wanted):
    with topics.admin(Brokers(servers)) as client:
        client.create_topics({wanted.pop("topic", name): wanted or {"num_partitions": 1}})


def read_far_away(servers, name):
    make(servers, name)
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="none")
    place = TopicPartition(name, 0)
    consumer.assign([place])
    consumer.seek(place, 1_000_000)
    try:
        for _ in range(50):
            consumer.poll(timeout_ms=200)
    finally:
        consumer.close()
        with topics.admin(Brokers(servers)) as client:
            topics.delete_topic(client, name)


def refused(servers, name, how):
    if isinstance(how, dict):
        return make(servers, name, **how)
    if how == "nobody there":
        return make("127.0.0.1:1", name)
    if how == "reads far away":
        return read_far_away(servers, name)
    with topics.admin(Brokers(servers)) as client:
        return client.delete_topics([name])


@pytest.mark.parametrize("meaning", KAFKA)
def test_what_a_broker_refuses(meaning, databases, stack, monkeypatch):
    monkeypatch.setattr(topics, "ANSWER", 1.0)

    with pytest.raises((KafkaError, AnalyticsError)) as failed:
        refused(stack.need("kafka_bootstrap_servers"), f"{databases.name}_x", KAFKA[meaning])

    assert diagnosis.known(f"{type(failed.value).__name__}: {failed.value}").meaning == meaning
