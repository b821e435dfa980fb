"""Four real services: up, watched, down, and their data thrown away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from analytics.local import accounts, postgres, processes, services, stack
from analytics.local.layout import Layout
from tests.local.commands import COMMAND, local, pids, ports_now
from tests.local.contents import COUNT

pytestmark = pytest.mark.services


def test_up_twice_keeps_every_process(running: Layout) -> None:
    before = pids()

    done = local("up")

    assert done.returncode == 0
    assert pids() == before
    assert "starts" not in done.stderr


def test_up_says_where_each_listens_and_logs(running: Layout) -> None:
    lines = local("up").stdout.splitlines()

    assert [line.split()[0] for line in lines] == list(services.NAMES)
    assert lines[1].split()[1] == f"127.0.0.1:{ports_now()['kafka'][0]}"
    assert all(line.endswith(".log") for line in lines)


def test_status_is_zero_when_all_are_healthy(running: Layout) -> None:
    done = local("status", "--json")

    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert [each["state"] for each in found] == ["healthy"] * 4
    assert sum(each["memory_mb"] for each in found) < 1024


def test_status_is_one_when_a_service_is_down(running: Layout) -> None:
    stack.down(["clickhouse"])

    done = local("status")

    assert done.returncode == 1
    assert "down" in done.stdout


def test_a_hung_service_is_not_healthy(running: Layout) -> None:
    hung = psutil.Process(pids()["kafka"])
    hung.suspend()

    states = {each.name: each.state for each in stack.status(["kafka"])}
    hung.resume()

    assert states == {"kafka": "timed out"}


def test_two_ups_at_once_start_each_service_once(running: Layout) -> None:
    stack.down(["postgres", "clickhouse"])

    both = [subprocess.Popen([*COMMAND, "up"], stderr=subprocess.PIPE, text=True) for _ in "12"]
    said = [each.communicate(timeout=60)[1] for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert "".join(said).count("postgres    starts") == 1
    assert "".join(said).count("clickhouse  starts") == 1


def test_a_wrong_password_is_refused(running: Layout) -> None:
    url = postgres.url(ports_now()).replace(":postgres@", ":wrong@")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


def test_passwords_are_in_no_log_no_state_and_no_command_line(running: Layout) -> None:
    secrets = [each.read_text() for each in running.secrets.iterdir()]
    texts = [
        each.read_text(errors="replace")
        for folder in ("logs", "state", "conf")
        for each in (running.root / folder).iterdir()
    ]
    commands = [" ".join(psutil.Process(pid).cmdline()) for pid in pids().values()]

    assert len(secrets) == 2
    assert not [secret for secret in secrets for text in texts + commands if secret in text]


def test_down_leaves_data_and_nothing_else(running: Layout) -> None:
    running_then = [psutil.Process(pid) for pid in pids().values()]

    done = local("down")

    assert done.returncode == 0
    assert [each.name for each in (running.root / "state").iterdir()] == ["ports.json"]
    assert not running.endpoints.exists()
    assert not (running.data("postgres") / "postmaster.pid").exists()
    assert not [file for file in running.root.rglob("*") if file.is_socket()]
    assert not [each for each in running_then if processes.runs(each)]


def test_ports_stay_the_same_over_a_down(running: Layout) -> None:
    before = ports_now()
    stack.down()

    stack.up()

    assert ports_now() == before


def test_reset_throws_data_away_and_keeps_the_jars(running: Layout, filled: dict[str, int]) -> None:
    done = local("reset", "--yes")

    assert done.returncode == 0
    assert not (running.root / "data").exists()
    assert list(running.jars.glob("*/stamp"))
    stack.up(["postgres"])
    with pytest.raises(psycopg.errors.UndefinedTable):
        COUNT["postgres"](ports_now())


def test_reset_asks_first(place: Layout) -> None:
    done = local("reset")

    assert done.returncode == 4
    assert f"Throw away everything in {place.root / 'data'}?" in done.stderr


def test_up_of_one_service_starts_that_alone(place: Layout) -> None:
    stack.down()

    found = stack.up(["clickhouse"])

    assert [each.name for each in found] == ["clickhouse"]
    assert [each.name for each in stack.status() if each.healthy] == ["clickhouse"]


def test_an_ordinary_user_has_a_stack(tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    root.mkdir()
    accounts.own(root)
    become = accounts.becomes(Path(sys.executable).resolve(), Path(__file__), root / "data")

    up = local("up", "postgres", "clickhouse", become=become, ANALYTICS_LOCAL_DIR=str(root))
    found = local("status", "--json", become=become, ANALYTICS_LOCAL_DIR=str(root))
    down = local("down", become=become, ANALYTICS_LOCAL_DIR=str(root))

    assert (up.returncode, down.returncode) == (0, 0), up.stderr + down.stderr
    healthy = [each["service"] for each in json.loads(found.stdout) if each["healthy"]]
    assert healthy == ["postgres", "clickhouse"]
