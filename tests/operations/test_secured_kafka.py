"""Revisions against servers that want TLS and a login: a broker, ClickHouse, a worker."""

from __future__ import annotations

import json
import time

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec

from analytics import settings
from analytics.kafka import topics
from analytics.settings import brokers
from analytics.settings.brokers import Brokers
from tests.conftest import ROOT
from tests.kafka import front as fronts
from tests.kafka import secured
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


@pytest.fixture
def front(stack, tmp_path, monkeypatch):
    """The worker of the stack behind TLS and a user, after a worker that is gone."""
    with fronts.standing(stack.need("connect_url"), tmp_path) as made:
        for name, value in {
            "URL": f"https://127.0.0.1:1, {made.url}",
            "USERNAME": fronts.USER,
            "PASSWORD": fronts.PASSWORD,
            "CA_FILE": str(made.ca),
        }.items():
            monkeypatch.setenv(f"ANALYTICS_CONNECT_{name}", value)
        yield made


def test_a_connector_comes_changes_and_goes_over_tls(revise, databases, alembic, front):
    assert alembic("upgrade", "0008").code == 0
    ours = json.loads((ROOT / "migrations/connectors/experiments_v01.json").read_text())
    files = {
        "connectors__experiments_v01_json": json.dumps(ours),
        "connectors__experiments_v02_json": json.dumps(ours | {"max.batch.size": "512"}),
    }
    up = 'op.register_connector("experiments", version={})\n'
    both, remove = up.format(1) + up.format(2), 'op.remove_connector("experiments")'

    run = revise("postgres", both, remove, **files)

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0
    assert {"POST", "PUT", "GET", "DELETE"} == {method for method, _ in front.requests}


def test_debezium_writes_through_a_worker_that_logs_in(login, guarded, alembic, monkeypatch):
    monkeypatch.setenv("ANALYTICS_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512")
    with secured.worker(guarded) as url:
        monkeypatch.setenv("ANALYTICS_CONNECT_URL", url)
        monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(guarded.place.secrets))

        up = alembic("upgrade", "head")

        assert (up.code, PASSWORD in up.out + up.err) == (0, False)
        with topics.admin(brokers.of(settings.load())) as client:
            place = TopicPartition(f"{login.name}.experiments.debezium_heartbeat", 0)
            ends = client.list_partition_offsets({place: OffsetSpec.LATEST})
            assert ends[place].offset > 0
        assert alembic("downgrade", "base").code == 0
