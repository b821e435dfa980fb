"""Revisions against a broker that wants TLS and a login: topics, and ClickHouse that reads one."""

from __future__ import annotations

import time

import pytest
from kafka import KafkaProducer

from analytics.kafka import topics
from analytics.settings.brokers import Brokers
from tests.conftest import ROOT
from tests.kafka.secured import PASSWORD, USER
from tests.local.embedded import serving

pytestmark = [pytest.mark.services, pytest.mark.slow]

CONFIG = "<clickhouse><kafka><ssl_ca_location>{}</ssl_ca_location></kafka></clickhouse>"
COLLECTION = (ROOT / "migrations_ch/objects/kafka_collection_v01.sql").read_text()
FILES = {
    "objects__kafka_collection_v01_sql": COLLECTION,
    "objects__queue_v01_sql": "CREATE TABLE queue (message String) "
    "ENGINE = Kafka(${kafka_collection}) SETTINGS kafka_topic_list = '${topic}', "
    "kafka_group_name = '${group}', kafka_format = 'RawBLOB'",
    "objects__landing_v01_sql": "CREATE TABLE landing (message String) "
    "ENGINE = MergeTree ORDER BY tuple()",
    "objects__landing_mv_v01_sql": "CREATE MATERIALIZED VIEW landing_mv TO landing "
    "AS SELECT message FROM queue",
}
NAMES = ("kafka_collection", "queue", "landing", "landing_mv")
UP = "\n".join(f'op.create_object("{name}", version=1)' for name in NAMES)


@pytest.fixture
def login(databases, guarded, monkeypatch):
    """The settings of a login over TLS, with the one mechanism that the embedded engine has."""
    for name, value in {
        "BOOTSTRAP_SERVERS": guarded.login,
        "SECURITY_PROTOCOL": "SASL_SSL",
        "SASL_MECHANISM": "PLAIN",
        "USERNAME": USER,
        "PASSWORD": PASSWORD,
        "CA_FILE": str(guarded.ca),
    }.items():
        monkeypatch.setenv(f"ANALYTICS_KAFKA_{name}", value)
    return databases


@pytest.fixture
def reader(guarded, tmp_path):
    """An embedded ClickHouse that trusts the broker's authority."""
    config = tmp_path / "reader.xml"
    config.write_text(CONFIG.format(guarded.ca))
    server = serving.start(tmp_path / "reader", "--config", str(config))
    yield server
    server.stop()


def test_topics_are_made_and_dropped_by_a_revision(revise, login):
    run = revise("postgres", 'op.create_topic("${topic}")', 'op.drop_topic("${topic}")')

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0


def test_clickhouse_reads_a_topic_through_its_named_collection(
    revise, login, reader, guarded, monkeypatch
):
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", f"http://127.0.0.1:{reader.port}/default")
    with topics.admin(Brokers(guarded.plain)) as client:
        topics.create_topic(client, f"{login.name}_events", count=1, config={})
    producer = KafkaProducer(bootstrap_servers=guarded.plain)
    producer.send(f"{login.name}_events", b"an order").get(timeout=20)
    producer.close()

    outcome = revise("clickhouse", UP, **FILES)("upgrade", "head")

    assert (outcome.code, PASSWORD in outcome.out + outcome.err) == (0, False)
    until = time.monotonic() + 30
    while reader.sql("SELECT message FROM landing").strip() != "an order":
        assert time.monotonic() < until
        time.sleep(0.1)
    shown = reader.sql("SELECT create_table_query FROM system.tables WHERE name = 'queue'")
    assert "kafka_sasl_password" in shown and PASSWORD not in shown.replace("\\'", "'")
