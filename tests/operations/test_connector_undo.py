"""A connector that ran before a change was broken off: it runs again, and no row is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from analytics.kafka import connect as client
from analytics.kafka import connector, health
from analytics.kafka.connect import Connect
from analytics.local import stack as local_stack
from tests import ledger
from tests.arrival import await_answer
from tests.conftest import ROOT
from tests.kafka import faulty as workers
from tests.local.commands import kill
from tests.operations.test_replacement import OTHERS
from tests.safety import proxy as proxies
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow]

SAMPLE = int(os.environ.get("DEAD_CONNECTORS", "2"))
UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((ROOT / "migrations/connectors/experiments_v01.json").read_text())
BATCH = {"max.batch.size": "4096"}
FILTER = "org.apache.kafka.connect.transforms.Filter"
DROPS_ALL = {"transforms": "route,drop", "transforms.drop.type": FILTER}  # it confirms nothing
READER = "SELECT active_pid FROM pg_replication_slots WHERE database = current_database()"


class Running:
    """Our pipeline's PostgreSQL half, whose connector runs."""

    def __init__(self, databases, stack):
        self.databases, self.name = databases, databases.name
        self.connect = Connect(stack.need("connect_url"))
        self.brokers = stack.need("kafka_bootstrap_servers")
        self.config = connector.config_of(self.connect, self.name)

    def reader(self):
        with self.databases.postgres() as connection:
            return connection.execute(READER).fetchone()[0]

    def is_as_before(self):
        """It has its config, runs, and is read."""
        await_answer(
            lambda: (
                connector.config_of(self.connect, self.name) == self.config,
                health.status(self.connect, self.name).runs,
                self.reader() is not None,
            ),
            (True, True, True),
            question="the connector that ran before",
        )

    def await_rows(self, ids):
        ledger.await_topic(self.brokers, f"{self.name}_events", ids)


@pytest.fixture
def running(databases, alembic, stack):
    assert alembic("upgrade", "head").code == 0
    return Running(databases, stack)


@pytest.fixture
def change(revise):
    """Alembic for a revision that changes our connector like this."""

    def written(**keys):
        text = json.dumps(OURS | keys)
        return revise("postgres", UP, DOWN, connectors__experiments_v01_json=text)

    return written


def started(tmp_path, **environment):
    """Plain Alembic in a process of its own."""
    command = [sys.executable, "-m", "alembic", "-c", str(tmp_path / "alembic.ini")]
    return subprocess.Popen(
        [*command, "upgrade", "head"], stderr=subprocess.PIPE, env=os.environ | environment
    )


def at_the_gate(running):
    """The changed connector has been started."""
    found = lambda: connector.config_of(running.connect, running.name) != running.config  # noqa: E731
    await_answer(found, True, question="the changed connector")
    await_answer(
        lambda: health.status(running.connect, running.name).state, "RUNNING", question="its state"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_however_often_a_change_is_interrupted_it_is_put_back(number, running, change, tmp_path):
    change(**DROPS_ALL)

    with ledger.writing(running.databases) as ids:
        process = started(tmp_path)
        at_the_gate(running)
        for _ in range(6):
            process.send_signal(number)
            ledger.pause(0.3)
        _, said = process.communicate(timeout=120)
        ledger.pause(1)

    assert process.returncode != 0
    assert f"connector {running.name} was put back and runs again" in said.decode(), said.decode()
    running.is_as_before()
    running.await_rows(ids)


def test_a_session_that_ends_at_the_gate_is_told_with_what_stands(running, change, tmp_path):
    change(**DROPS_ALL)

    with ledger.writing(running.databases) as ids:
        process = started(tmp_path)
        at_the_gate(running)
        ledger.pause(1)
        with running.databases.postgres() as connection:
            connection.execute(OTHERS)
        _, said = process.communicate(timeout=120)
        ledger.pause(1)

    assert process.returncode != 0
    assert f"connector {running.name} was put back and runs again" in said.decode(), said.decode()
    running.is_as_before()
    running.await_rows(ids)


CONFIG, STATUS = "PUT /connectors/[^/]+/config", "GET /connectors/[^/]+/status"
CHANGED, PUT_BACK = "", "was put back and runs again"
STANDS, UNKNOWN = "INGEST STANDS", "ingest may stand"
ENDS = {
    CHANGED: "changed",
    PUT_BACK: "put back; it streams again",
    STANDS: "said, and run again",
    UNKNOWN: "said, and run again",
}
WORKERS = {
    "500 for each definition": ({"pattern": CONFIG, "status": 500}, PUT_BACK),
    "401 for each definition": ({"pattern": CONFIG, "status": 401}, PUT_BACK),
    "429 for each definition": ({"pattern": CONFIG, "status": 429}, PUT_BACK),
    "a definition taken, and 500": (
        {"pattern": CONFIG, "status": 500, "is_done": True, "times": 1},
        CHANGED,
    ),
    "a definition cut": ({"pattern": CONFIG, "status": 0, "times": 1}, CHANGED),
    "a definition taken, and cut": (
        {"pattern": CONFIG, "status": 0, "is_done": True, "times": 1},
        CHANGED,
    ),
    "a state cut": ({"pattern": STATUS, "status": 0, "times": 1}, CHANGED),
    "a definition taken, and no answer": (
        {"pattern": CONFIG, "status": workers.NEVER, "is_done": True, "times": 1},
        PUT_BACK,
    ),
    "500 for each state": ({"pattern": STATUS, "status": 500}, UNKNOWN),
    "a rebalance at each request": (
        {"pattern": "(PUT|POST).*", "status": 409, "times": 4},
        CHANGED,
    ),
    "500 for each stop": ({"pattern": "PUT .*/stop", "status": 500}, PUT_BACK),
    "500 for each resume": ({"pattern": "PUT .*/resume", "status": 500}, STANDS),
}


@pytest.mark.parametrize("setup", random.sample(list(WORKERS), min(SAMPLE, len(WORKERS))))
def test_a_worker_that_answers_badly(setup, running, change, monkeypatch):
    fault, end = WORKERS[setup]
    monkeypatch.setattr(client, "PATIENCE", 2.0)
    monkeypatch.setattr(client, "REQUEST_TIMEOUT", 5.0)
    run = change(**BATCH)

    with workers.before(running.connect.url) as worker, ledger.writing(running.databases) as ids:
        monkeypatch.setenv("ANALYTICS_CONNECT_URL", worker.url)
        for key, value in fault.items():
            setattr(worker, key, value)
        outcome = run("upgrade", "head")
        monkeypatch.setenv("ANALYTICS_CONNECT_URL", running.connect.url)
        assert (outcome.code == 0) == (end == CHANGED), outcome.err
        assert end in outcome.err
        assert worker.seen
        if end != PUT_BACK:
            again = run("upgrade", "head")
            assert again.code == 0, again.err
            running.config |= BATCH

    running.is_as_before()
    running.await_rows(ids)
    record(test="connector", setup=f"a worker: {setup}", end=ENDS[end])


NEW = {
    "created, and 500": {"pattern": "POST /connectors", "status": 500, "is_done": True, "times": 1},
    "created, and cut": {"pattern": "POST /connectors", "status": 0, "is_done": True, "times": 1},
    "a rebalance": {"pattern": "POST /connectors", "status": 409, "times": 2},
    "500 for each deletion": {"pattern": "DELETE .*/offsets", "status": 500},
}


@pytest.mark.parametrize("setup", random.sample(list(NEW), min(SAMPLE, len(NEW))))
def test_a_worker_that_answers_badly_when_one_is_created(setup, databases, alembic, change, stack):
    assert alembic("upgrade", "0008").code == 0
    right = stack.need("connect_url")

    with workers.before(right) as worker, pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PATIENCE", 2.0)
        patch.setenv("ANALYTICS_CONNECT_URL", worker.url)
        for key, value in NEW[setup].items():
            setattr(worker, key, value)
        outcome = change()("upgrade", "head")
        assert (outcome.code == 0) == ("deletion" not in setup), outcome.err
    if outcome.code:
        assert "could not be put back" in outcome.err
        assert change()("upgrade", "head").code == 0

    running = Running(databases, stack)
    with ledger.writing(databases) as ids:
        ledger.pause(1)
    running.await_rows(ids)
    assert change()("downgrade", "base").code == 0
    record(test="connector", setup=f"a new one: {setup}", end="created; it streams")


@pytest.mark.parametrize("order", ["pause", "stop"])
def test_one_that_was_stopped_by_hand_runs_again(order, running, change):
    path = f"/connectors/{running.name}"
    running.connect.put(f"{path}/{order}")
    wanted = {"pause": "PAUSED", "stop": "STOPPED"}[order]
    await_answer(
        lambda: health.status(running.connect, running.name).state, wanted, question="its state"
    )

    with ledger.writing(running.databases) as ids:
        assert change()("upgrade", "head").code == 0

    running.is_as_before()
    running.await_rows(ids)


def test_there_and_back_while_rows_are_written(running, change):
    with ledger.writing(running.databases) as ids:
        for keys in (BATCH, {}, BATCH, {}):
            run = change(**keys)
            run("stamp", "base")
            outcome = run("upgrade", "head")
            assert outcome.code == 0, outcome.err

    running.is_as_before()
    running.await_rows(ids)


REQUESTS = ("stop", "config", "resume")
KILLS = [(of, when) for of in REQUESTS for when in ("before", "after")]


@pytest.mark.parametrize(("of", "when"), random.sample(KILLS, min(SAMPLE, len(KILLS))))
def test_killed_at_a_request_then_run_again(of, when, running, change, tmp_path):
    run, url = change(**BATCH), urlsplit(running.connect.url)

    with ledger.writing(running.databases) as ids:
        with proxies.running(url.hostname, url.port) as (proxy, port):
            process = started(tmp_path, ANALYTICS_CONNECT_URL=f"http://127.0.0.1:{port}")
            proxy.arm(1, when, process.kill, of=rb"\APUT /connectors/[^/]+/%s" % of.encode())
            process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
        outcome = run("upgrade", "head")
        assert outcome.code == 0, outcome.err

    running.config |= BATCH
    running.is_as_before()
    running.await_rows(ids)
    record(test="connector", setup=f"killed {when} its {of}", end="run again: it streams")


DEATHS = [(server, of) for server in ("kafka", "connect", "postgres") for of in REQUESTS]


@pytest.mark.parametrize(("server", "of"), random.sample(DEATHS, min(SAMPLE // 2, len(DEATHS))))
def test_a_server_dies_at_a_request_and_comes_back(server, of, running, change, tmp_path):
    run, url = change(**BATCH), urlsplit(running.connect.url)
    with ledger.writing(running.databases) as ids:
        ledger.pause(1)

    with proxies.running(url.hostname, url.port) as (proxy, port):
        through = {"ANALYTICS_CONNECT_URL": f"http://127.0.0.1:{port}"}
        process = started(tmp_path, **through, ANALYTICS_CONNECTOR_TIMEOUT="15")
        died = threading.Event()
        breaks = lambda: (kill(server), died.set())  # noqa: E731
        proxy.arm(1, "after", breaks, of=rb"\APUT /connectors/[^/]+/%s" % of.encode())
        assert died.wait(timeout=60)
        ledger.pause(3)
        local_stack.up()
        _, said = process.communicate(timeout=400)
    again = run("upgrade", "head")

    assert again.code == 0, again.err
    with ledger.writing(running.databases) as more:
        ledger.pause(1)
    running.config |= BATCH
    running.is_as_before()
    running.await_rows(ids + more)
    end = "stopped; run again" if process.returncode else "waited for"
    record(test="connector", setup=f"{server} dies at its {of}", end=end, said=said.decode()[-400:])
