"""Something to lose in each service: written before it dies, looked for afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import psycopg
import requests
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from analytics.local import clickhouse, connect, http, kafka, postgres
from analytics.local.service import Ports

CONNECTOR = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "database.hostname": "127.0.0.1",
    "database.dbname": postgres.DATABASE,
    "database.user": "postgres",
    "database.password": postgres.PASSWORD,
    "plugin.name": "pgoutput",
    "topic.prefix": "kept",
}


def put_row(ports: Ports) -> None:
    with psycopg.connect(postgres.url(ports), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def rows(ports: Ports) -> int:
    with psycopg.connect(postgres.url(ports)) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()
    return found[0] if found else 0


def put_message(ports: Ports) -> None:
    servers = kafka.bootstrap(ports)
    with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
        if "kept" not in admin.list_topics():
            admin.create_topics([NewTopic("kept", num_partitions=1, replication_factor=1)])
    with closing(KafkaProducer(bootstrap_servers=servers)) as producer:
        producer.send("kept", b"1").get(timeout=20)


def messages(ports: Ports) -> int:
    topic = TopicPartition("kept", 0)
    with closing(KafkaConsumer(bootstrap_servers=kafka.bootstrap(ports))) as consumer:
        return int(consumer.end_offsets([topic])[topic])


def put_connector(ports: Ports) -> None:
    config = CONNECTOR | {"database.port": str(ports["postgres"][0])}
    wanted = {"name": "kept", "config": config, "initial_state": "STOPPED"}
    url = connect.endpoint(ports)["connect_url"]
    if not connectors(ports):
        requests.post(f"{url}/connectors", json=wanted, timeout=30).raise_for_status()


def connectors(ports: Ports) -> int:
    url = connect.endpoint(ports)["connect_url"]
    return len(requests.get(f"{url}/connectors", timeout=30).json())


def put_part(ports: Ports) -> None:
    port = ports[clickhouse.NAME][0]
    table = "CREATE TABLE IF NOT EXISTS kept (n Int8) ENGINE = MergeTree ORDER BY n"
    http.request(port, "POST", "/", body=table)
    http.request(port, "POST", "/", body="INSERT INTO kept SELECT 1")


def parts(ports: Ports) -> int:
    return int(http.request(ports[clickhouse.NAME][0], "POST", "/", body="SELECT sum(n) FROM kept"))


PUT: dict[str, Callable[[Ports], None]] = {
    "postgres": put_row,
    "kafka": put_message,
    "connect": put_connector,
    "clickhouse": put_part,
}
COUNT: dict[str, Callable[[Ports], int]] = {
    "postgres": rows,
    "kafka": messages,
    "connect": connectors,
    "clickhouse": parts,
}
