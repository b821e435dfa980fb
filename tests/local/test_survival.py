"""Four real services killed, crowded out, forgotten and interrupted: the next `up` repairs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator

import psutil
import pytest

from analytics.local import processes, records, services, stack
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from tests.local.commands import COMMAND, kill, local, pids, ports_now
from tests.local.contents import COUNT

pytestmark = pytest.mark.services


@pytest.mark.parametrize("name", services.NAMES)
def test_a_killed_service_comes_back_with_what_it_had(
    running: Layout, filled: dict[str, int], name: str
) -> None:
    kill(name)
    assert {each.name: each.state for each in stack.status()}[name] == "down"

    stack.up()

    assert COUNT[name](ports_now()) == filled[name]


def test_all_killed_at_once_come_back_with_what_they_had(
    running: Layout, filled: dict[str, int]
) -> None:
    kill(*services.NAMES)

    stack.up()

    assert {name: count(ports_now()) for name, count in COUNT.items()} == filled


@pytest.fixture
def intruder(place: Layout) -> Iterator[int]:
    """Somebody else listens on the broker's port, which is free for a moment."""
    stack.up()
    port = ports_now()["kafka"][0]
    stack.down(["connect", "kafka"])
    with socket.create_server(("127.0.0.1", port)):
        yield port


def test_a_port_that_tables_and_connectors_name_is_never_left(intruder: int) -> None:
    with pytest.raises(LocalStackError, match=f"port {intruder} is in use, and the tables"):
        stack.up()

    assert pids()["kafka"] is None


def test_after_a_reset_a_busy_port_is_left(place: Layout, intruder: int) -> None:
    stack.reset()

    stack.up(["kafka"])

    assert intruder not in ports_now()["kafka"]


def test_a_connect_worker_follows_its_broker_to_another_port(running: Layout) -> None:
    before, record = pids(), records.read(running, "connect")
    assert record is not None
    outdated = {**vars(record), "fingerprint": "of another broker"}
    records.write(running, "connect", records.Record(**outdated))

    stack.up()

    assert {name for name, pid in pids().items() if pid != before[name]} == {"connect"}


def test_a_process_without_a_record_is_ended_and_started_anew(running: Layout) -> None:
    strays = {name: psutil.Process(pids()[name]) for name in ("postgres", "clickhouse")}
    for name in strays:
        running.record(name).unlink()
    assert local("status").returncode == 1

    stack.up()

    assert all(each.healthy for each in stack.status())
    assert not [each for each in strays.values() if processes.runs(each)]


def test_a_foreign_pid_in_postmaster_pid_does_not_matter(running: Layout) -> None:
    kill("postgres")
    file = running.data("postgres") / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n" + file.read_text().partition("\n")[2])

    assert stack.up(["postgres"])[0].healthy


def test_an_interrupted_up_is_finished_by_the_next(running: Layout) -> None:
    stack.down(["connect", "kafka"])
    first = subprocess.Popen([*COMMAND, "up"], stderr=subprocess.PIPE, text=True)
    while not running.record("connect").exists():
        assert first.poll() is None
    first.send_signal(signal.SIGINT)
    said = first.communicate(timeout=20)[1]
    begun = records.read(running, "connect")

    stack.up()

    assert first.returncode == 4
    assert said.endswith("interrupted: `analytics local up` goes on from here\n")
    assert begun is not None
    assert pids()["connect"] == begun.pid


def test_a_service_that_dies_at_its_start_shows_its_last_words(running: Layout) -> None:
    stack.down(["postgres"])
    version = running.data("postgres") / "PG_VERSION"
    version.write_text("9\n")

    done = local("up", "postgres")
    version.write_text("18\n")

    assert done.returncode == 1
    assert "postgres    | " in done.stderr
    assert "incompatible with server" in done.stderr
    assert done.stderr.endswith(
        f"error: postgres died at its start: read {running.log('postgres')}\n"
    )
