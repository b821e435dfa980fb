"""Starting, stopping and dying."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.local.embedded.serving import Serving, free_port, launch, until

pytestmark = pytest.mark.services

KAFKA = (
    "CREATE TABLE queue (a String) ENGINE = Kafka SETTINGS kafka_broker_list = '127.0.0.1:1', "
    "kafka_topic_list = 't', kafka_group_name = 'g', kafka_format = 'JSONEachRow'"
)
POOL = b"BackgroundMessageBrokerSchedulePoolSize"
Begin = Callable[..., Serving]


def fails(folder: Path, port: int, *arguments: str) -> tuple[int, str]:
    """Start a server that must not come up: its exit code and last line."""
    process = launch(folder, port, *arguments, stderr=subprocess.PIPE)
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors.decode().splitlines()[-1]


def test_a_folder_has_one_owner(own_server: Begin) -> None:
    first = own_server()

    code, line = fails(first.folder, free_port())

    assert (code, line.startswith("error: ")) == (1, True)
    assert "is used by another embedded ClickHouse" in line
    assert first.sql("SELECT 1") == "1\n"


def test_a_busy_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        code, line = fails(tmp_path / "data", port)

    assert (code, f"port {port} on 127.0.0.1" in line) == (1, True)


def test_a_broken_configuration_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "extra.xml"
    file.write_text("<clickhouse>")

    code, line = fails(tmp_path / "data", free_port(), "--config", str(file))

    assert (code, "extra.xml cannot be read as XML" in line) == (1, True)


def test_more_configuration_takes_effect(own_server: Begin, tmp_path: Path) -> None:
    file = tmp_path / "extra.xml"
    size = "background_message_broker_schedule_pool_size"
    file.write_text(
        f"<clickhouse><{size}>11</{size}><kafka><debug>all</debug></kafka></clickhouse>"
    )

    server = own_server("--config", str(file), "--name", "it's <me>")

    server.sql(KAFKA)
    response = server.send(b"SELECT value FROM system.metrics WHERE metric = '%s'" % POOL)
    assert response.text == "11\n"
    assert response.headers["X-ClickHouse-Server-Display-Name"] == "it's <me>"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_waits_for_the_running_query(own_server: Begin, number: signal.Signals) -> None:
    server = own_server()
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(server.sql("SELECT sleep(1)")))
    thread.start()
    until(lambda: server.sql("SELECT count() FROM system.processes") == "2\n")

    server.process.send_signal(number)

    assert server.process.wait(20) == 0
    thread.join()
    assert answers == ["0\n"]


def test_everything_is_there_after_a_restart(own_server: Begin) -> None:
    first = own_server()
    first.sql("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a")
    first.sql("INSERT INTO t VALUES (1)", query_id="before")
    first.sql("CREATE NAMED COLLECTION pg AS host = '127.0.0.1', port = 1, password = 'geheim'")
    assert first.stop() == 0

    second = own_server()

    assert second.sql("SELECT * FROM t") == "1\n"
    assert second.sql("SELECT name FROM system.named_collections") == "pg\n"
    assert kinds(second, "before") == ["QueryStart", "QueryFinish"]


def test_everything_is_there_after_kill_9(own_server: Begin) -> None:
    first = own_server()
    first.sql("CREATE NAMED COLLECTION pg AS host = '127.0.0.1', port = 1, password = 'geheim'")
    first.sql("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a")
    first.sql("INSERT INTO t VALUES (1)", query_id="done")
    thread = threading.Thread(
        target=first_dies, args=(first, "SELECT sleepEachRow(1) FROM numbers(3)", "in doubt")
    )
    thread.start()
    until(lambda: "in doubt" in first.sql("SELECT query_id FROM system.processes"))
    first.kill()
    thread.join()

    second = own_server()

    assert second.sql("SELECT * FROM t") == "1\n"
    assert second.sql("SELECT name FROM system.named_collections") == "pg\n"
    assert kinds(second, "done") == ["QueryStart", "QueryFinish"]
    assert kinds(second, "in doubt") == ["QueryStart"]


def first_dies(server: Serving, sql: str, query_id: str) -> None:
    with pytest.raises(requests.ConnectionError):
        server.sql(sql, query_id=query_id)


def test_a_torn_line_of_the_query_log_loses_only_itself(own_server: Begin) -> None:
    first = own_server()
    first.sql("SELECT 1", query_id="whole")
    first.kill()
    for file in (first.folder / "server").glob("query_log.*.jsonl"):
        file.write_bytes(file.read_bytes() + b'{"query_id": "torn')

    second = own_server()

    assert kinds(second, "whole") == ["QueryStart", "QueryFinish"]


def test_a_leftover_file_is_not_counted_twice(own_server: Begin) -> None:
    first = own_server()
    first.sql("SELECT 1", query_id="once")
    (file,) = (first.folder / "server").glob("query_log.*.jsonl")
    events = file.read_bytes()
    assert kinds(first, "once") == ["QueryStart", "QueryFinish"]
    first.kill()
    file.write_bytes(events)

    second = own_server()

    assert kinds(second, "once") == ["QueryStart", "QueryFinish"]


def kinds(server: Serving, query_id: str) -> list[str]:
    return server.sql(
        f"SELECT type FROM system.query_log WHERE query_id = '{query_id}' ORDER BY type"
    ).splitlines()
