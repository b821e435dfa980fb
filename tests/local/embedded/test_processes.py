"""Running queries under their clients' ids."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.local.embedded.serving import Serving, until

pytestmark = pytest.mark.services


@pytest.fixture
def sleeper(server: Serving) -> Iterator[str]:
    """The query_id of a query that sleeps."""
    query_id = str(uuid4())
    sql = b"SELECT sleepEachRow(0.05) FROM numbers(200) SETTINGS max_block_size = 1"
    thread = threading.Thread(target=server.send, args=(sql,), kwargs={"query_id": query_id})
    thread.start()
    until(lambda: query_id in server.sql("SELECT query_id FROM system.processes"))
    yield query_id
    server.sql(f"KILL QUERY WHERE query_id = '{query_id}' ASYNC")
    thread.join()


def test_a_query_is_seen_under_its_own_text(server: Serving, sleeper: str) -> None:
    text = server.sql(f"SELECT query FROM `system`.\"processes\" WHERE query_id = '{sleeper}'")

    assert text.startswith("SELECT sleepEachRow(0.05) FROM numbers(200)")
    assert "OUTFILE" not in text


@pytest.mark.parametrize(
    ("mode", "state", "runs"), [("TEST", "unknown_status", True), ("SYNC", "finished", False)]
)
def test_kill_by_query_id(server: Serving, sleeper: str, mode: str, state: str, runs: bool) -> None:
    rows = server.sql(f"KILL QUERY WHERE query_id = '{sleeper}' {mode} FORMAT TSV")

    assert rows.startswith(f"{state}\t{sleeper}\tdefault\tSELECT sleepEachRow")
    assert (sleeper in server.sql("SELECT query_id FROM system.processes")) is runs


def test_a_killed_query_fails_with_394(server: Serving) -> None:
    answers = []
    sql = b"SELECT sum(sleepEachRow(0.05)) FROM numbers(200) SETTINGS max_block_size = 1"
    thread = threading.Thread(target=lambda: answers.append(server.send(sql, query_id="victim")))
    thread.start()
    until(lambda: "victim" in server.sql("SELECT query_id FROM system.processes"))

    server.sql("KILL QUERY WHERE query_id = 'victim' SYNC")
    thread.join()

    assert answers[0].headers["X-ClickHouse-Exception-Code"] == "394"


def test_kill_of_nothing_is_empty(server: Serving) -> None:
    assert server.sql("KILL QUERY WHERE query_id = 'nobody' SYNC") == ""
    assert server.refused("KILL QUERY")[0] == 62


def test_a_running_query_can_be_replaced(server: Serving, sleeper: str) -> None:
    assert server.refused("SELECT 1", query_id=sleeper)[0] == 216
    assert server.sql("SELECT 1", query_id=sleeper, replace_running_query=1) == "1\n"
