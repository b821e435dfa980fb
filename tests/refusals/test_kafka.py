"""Kafka and Kafka Connect: topics, and a connector whose source or definition is wrong."""

import json
import os

import pytest
from kafka.admin import NewTopic

from analytics.kafka import topics
from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

TOPIC = '"${namespace}_orders"'
MAKE, DROP = f"op.create_topic({TOPIC}, partitions=1)", f"op.drop_topic({TOPIC})"
UP, DOWN = 'op.register_connector("shop", version=1)', 'op.remove_connector("shop")'
PLACE = "migrations/connectors/shop_v01.json"
TABLE = 'op.execute("CREATE TABLE orders (id integer PRIMARY KEY)")'
PUBLICATION = 'op.create_publication("${publication}", tables=["orders"])'


@walks("kafka/topics.py: topic {} has {} partitions, not {}")
def test_a_topic_with_other_partitions(stores, databases, monkeypatch):
    topic = f"{databases.name}_orders"
    with topics.admin(os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"]) as client:
        client.create_topics([NewTopic(topic, 2, 1)])
        stores.revise("postgres", "0001", MAKE, DROP)
        stores.refused("analytics upgrade", topic, "2 partitions, not 1", "ANALYTICS_NAMESPACE")

        monkeypatch.setenv("ANALYTICS_NAMESPACE", f"{databases.name}_x")

        stores.passes("analytics upgrade")
        assert topics.partitions(client, topic) == 2
        topics.delete_topic(client, topic)


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


def connector(site, **more):
    """Write the connector's definition, which reads as the owner of the database."""
    config = {
        "name": "${connector}",
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "tasks.max": "1",
        "plugin.name": "pgoutput",
        "database.hostname": "${postgres_host}",
        "database.port": "${postgres_port}",
        "database.dbname": "${postgres_database}",
        "database.user": "postgres",
        "database.password": "postgres",
        "topic.prefix": "${namespace}",
        "slot.name": "${slot}",
        "publication.name": "${publication}",
        "publication.autocreate.mode": "disabled",
        "snapshot.mode": "no_data",
    }
    site.write(PLACE, json.dumps(config | more))


def second(site, *steps):
    """The revision before that of the connector: what the connector reads."""
    site.revise("postgres", "0002", "\n".join(steps), "\n".join(map(_undo, reversed(steps))))


def _undo(step):
    return step.replace(".create_", ".drop_").split(", tables")[0].removesuffix(")") + ")"


SOURCES = {
    "operations/connector.py: there is no replication slot {} for connector {}": "slot",
    "operations/connector.py: there is no publication {} for connector {}": "publication",
}


@walks(*SOURCES)
@pytest.mark.parametrize("key", SOURCES)
def test_a_connector_without_its_source(key, stores, databases, monkeypatch):
    stores.revise("postgres", "0001", TABLE, 'op.execute("DROP TABLE orders")')
    slot = 'op.create_replication_slot("${slot}")'
    first, lacks = (PUBLICATION, slot) if SOURCES[key] == "slot" else (slot, PUBLICATION)
    second(stores, first)
    connector(stores)
    stores.revise("postgres", "0003", UP, DOWN)
    said = stores.refused("analytics upgrade", databases.name, SOURCES[key])
    assert lacks.split("(")[0] in said.text

    stores.passes("analytics downgrade postgres@0001 --allow-data-loss")
    second(stores, first, lacks)

    stores.passes("analytics upgrade")


CONNECT = (
    "kafka/connect.py: Kafka Connect at {} does not answer",
    "kafka/connect.py: Kafka Connect at {} answers {} {} with {}: {}",
    "kafka/health.py: connector {} does not stream after {} s: {}",
    "kafka/health.py: {} after {} s",
)


@walks(*CONNECT)
def test_a_connector_that_does_not_work(stores, databases, monkeypatch):
    stores.revise("postgres", "0001", TABLE, 'op.execute("DROP TABLE orders")')
    second(stores, PUBLICATION, 'op.create_replication_slot("${slot}")')
    connector(stores)
    stores.revise("postgres", "0003", UP, DOWN)
    right = os.environ["ANALYTICS_CONNECT_URL"]
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://127.0.0.1:1")
    stores.refused("alembic upgrade head", "127.0.0.1:1", "ANALYTICS_CONNECT_URL", key=CONNECT[0])

    monkeypatch.setenv("ANALYTICS_CONNECT_URL", right)
    connector(stores, **{"database.user": "nobody"})
    stores.refused("analytics upgrade", "nobody", "shop", key=CONNECT[1])

    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "6")
    connector(stores, **{"snapshot.mode": "custom", "snapshot.mode.custom.name": "none"})
    stores.refused("analytics upgrade", databases.name, "snapshot", key=CONNECT[2])

    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "60")
    connector(stores)
    stores.passes("analytics upgrade")

    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "0.001")
    stores.refused("analytics downgrade postgres@0002", "runs on", key=CONNECT[3])

    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "60")
    stores.passes("analytics downgrade postgres@0002")
