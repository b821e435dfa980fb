"""A slot that is lost, moved, or read by somebody else, and a publication that was made again."""

import json
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from click.testing import CliRunner

from analytics.cli import analytics
from analytics.errors import Refused
from analytics.kafka import connector, health
from analytics.kafka.connect import Connect
from tests import ledger
from tests.arrival import await_answer
from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow]

UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((ROOT / "migrations/connectors/experiments_v01.json").read_text())
BATCH = {"max.batch.size": "4096"}
TABLES = OURS["table.include.list"]
CREATE = "SELECT pg_create_logical_replication_slot('{0}_slot', 'pgoutput')"
DROP = "SELECT pg_drop_replication_slot('{0}_slot')"
ADVANCE = "SELECT pg_replication_slot_advance('{0}_slot', pg_current_wal_lsn())"
PUBLISH = f"CREATE PUBLICATION {{0}}_pub FOR TABLE {TABLES}"
MOVED = {"it was moved by hand": (ADVANCE,), "it was created again": (DROP, CREATE)}


@pytest.fixture
def running(databases, alembic):
    """Our pipeline's PostgreSQL half, whose connector runs."""
    assert alembic("upgrade", "head").code == 0
    return databases


@pytest.fixture
def change(revise):
    def written(up=UP, **keys):
        text, other = json.dumps(OURS | BATCH | keys), json.dumps(OURS | NEXT)
        files = {"connectors__experiments_v01_json": text, "connectors__next_v01_json": other}
        return revise("postgres", up, DOWN, **files)

    return written


NEXT = {"name": "${connector}_next", "slot.name": "${slot}_next"}


@pytest.fixture
def connect(stack):
    return Connect(stack.need("connect_url"))


def execute(databases, *statements):
    with databases.postgres() as connection:
        for each in statements:
            connection.execute(each.format(databases.name))


def active(databases):
    query = "SELECT active FROM pg_replication_slots WHERE slot_name = %s"
    with databases.postgres() as connection:
        return connection.execute(query, [f"{databases.name}_slot"]).fetchone()


def stop(databases, connect):
    connector.stop(connect, databases.name, timeout=60)
    await_answer(lambda: active(databases), (False,), question="whether the slot is read")


@pytest.mark.parametrize("how", MOVED)
def test_a_slot_that_is_ahead_of_its_connector(how, running, change, connect, stack):
    with ledger.writing(running) as ids:
        ledger.pause(1)
        stop(running, connect)
        ledger.pause(0.5)
        gone = len(ids)
        execute(running, *MOVED[how])
        late = len(ids)

        outcomes = [change()("upgrade", "head")]
        outcomes.append(
            change('op.replace_connector("experiments", "next", version=1)')("upgrade", "head")
        )
        resumed = CliRunner().invoke(analytics, ["connectors", "resume", running.name])

        for each in (*(outcome.err for outcome in outcomes), str(resumed.exception)):
            assert f"slot {running.name}_slot is ahead of what connector {running.name} has" in each
        assert isinstance(resumed.exception, Refused)
        assert health.status(connect, running.name).has_stopped
        connect.delete(f"/connectors/{running.name}/offsets")  # as the message says
        again = change()("upgrade", "head")
        assert again.code == 0, again.err
        ledger.pause(1)

    ledger.await_topic(stack.need("kafka_bootstrap_servers"), f"{running.name}_events", ids[late:])
    assert gone <= late
    record(test="connector", setup=f"a slot that is ahead: {how}", end="refused; nothing started")


@contextmanager
def no_wal_kept(databases):
    """A server that keeps no WAL for slots that nobody reads."""
    with databases.postgres() as connection:
        try:
            connection.execute("ALTER SYSTEM SET max_slot_wal_keep_size = 0")
            connection.execute("SELECT pg_reload_conf()")
            for _ in range(2):
                connection.execute("CREATE TABLE wal AS SELECT 1; DROP TABLE wal")
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")
            yield
        finally:
            connection.execute("ALTER SYSTEM RESET max_slot_wal_keep_size")
            connection.execute("SELECT pg_reload_conf()")


def test_a_lost_slot_is_named_and_made_again(running, change, connect, alembic):
    lost = f"slot {running.name}_slot is lost: changes"
    stop(running, connect)
    with no_wal_kept(running):
        await_answer(lambda: wal_status(running), ("lost",), question="wal_status")

    outcome = change()("upgrade", "head")
    listed = CliRunner().invoke(analytics, ["connectors"])
    slot = change('op.create_replication_slot("${slot}")')("upgrade", "head")

    assert lost in outcome.err
    assert f"SELECT pg_drop_replication_slot('{running.name}_slot')" in outcome.err
    assert f"slot {running.name}_slot is lost: drop it, create it again" in listed.stdout
    assert f"replication {lost}" in slot.err
    execute(running, DROP)
    assert change('op.create_replication_slot("${slot}")')("upgrade", "head").code == 0
    change()("stamp", "base")
    ahead = change()("upgrade", "head")
    assert "is ahead of what connector" in ahead.err
    connect.delete(f"/connectors/{running.name}/offsets")
    again = change()("upgrade", "head")
    assert again.code == 0, again.err
    record(test="connector", setup="a slot that is lost", end="refused; nothing started")


def wal_status(databases):
    query = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s"
    with databases.postgres() as connection:
        return connection.execute(query, [f"{databases.name}_slot"]).fetchone()


def test_a_slot_that_another_reads_is_refused_with_the_statement_that_ends_it(
    databases, alembic, change
):
    assert alembic("upgrade", "0008").code == 0
    slot, options = f"{databases.name}_slot", f"publication_names '{databases.name}_pub'"
    with closing(psycopg.connect(f"{databases.postgres_url}?replication=database")) as reader:
        start = f"START_REPLICATION SLOT {slot} LOGICAL 0/0 (proto_version '1', {options})"
        reader.pgconn.exec_(start.encode())

        outcome = change()("upgrade", "head")

        end = f"SELECT pg_terminate_backend({reader.info.backend_pid})"
        assert f"slot {slot} is read by postgres" in outcome.err
        assert end in outcome.err
        execute(databases, end)
    run = change()
    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0
    record(test="connector", setup="a slot that another reads", end="refused; nothing started")


def test_a_publication_that_was_made_again_is_said(running, change, connect):
    stop(running, connect)
    execute(running, "DROP PUBLICATION {0}_pub")
    time.sleep(0.2)
    execute(running, PUBLISH)

    outcome = change()("upgrade", "head")

    assert f"publication {running.name}_pub was created or altered after" in outcome.err
