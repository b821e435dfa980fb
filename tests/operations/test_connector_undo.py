"""A connector that ran before a change was broken off: it runs again, and no row is lost."""

import json
import os
import random
import signal
import subprocess
import sys

import pytest

from analytics.kafka import connect as client
from analytics.kafka import connector, health
from analytics.kafka.connect import Connect
from tests import ledger
from tests.arrival import await_answer
from tests.conftest import ROOT
from tests.kafka import faulty as workers
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow]

SAMPLE = int(os.environ.get("DEAD_CONNECTORS", "2"))
UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((ROOT / "migrations/connectors/experiments_v01.json").read_text())
BATCH = {"max.batch.size": "4096"}
FILTER = "org.apache.kafka.connect.transforms.Filter"
DROPS_ALL = {"transforms": "route,drop", "transforms.drop.type": FILTER}  # it confirms nothing
READER = "SELECT active_pid FROM pg_replication_slots WHERE database = current_database()"
OTHERS = """
SELECT pg_terminate_backend(pid)
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid != pg_backend_pid()
  AND query NOT LIKE '%INSERT INTO experiments.events%'"""


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
