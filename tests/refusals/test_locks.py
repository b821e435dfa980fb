"""Sessions that hold what a release needs: who they are is said, and how to end them."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from analytics.clickhouse import lease
from analytics.settings import Settings
from analytics.watch import Watch
from tests.conftest import ROOT
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

RUNNING = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep(2)%'"
ENDED = "ClickHouse has ended the session that holds the lock, or does not answer in it"
NO_SOURCE = "this project has no history of PostgreSQL, and connectors belong to one"
LOCATION = "script_location = %(here)s/migrations\n"
STOPPED = 'op.execute("CREATE TABLE orders (id integer)")\nop.execute("SELECT pg_sleep(2)")'
MAIN = "from analytics.cli import main; main()"


def start(site, *arguments):
    """A command of ours in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments],
        cwd=site.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def sessions(databases, query):
    """The sessions of PostgreSQL in which that is being run."""
    with databases.postgres() as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid != pg_backend_pid() AND query LIKE %s",
            [query],
        )
        return [pid for (pid,) in rows]


def until(there):
    """Wait for what must come true."""
    end = time.monotonic() + 30
    while not (found := there()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


@pytest.fixture
def stopped(stores, databases):
    """A release that has been stopped (SIGSTOP) amid its revision."""
    stores.revise("postgres", "0001", STOPPED, 'op.execute("DROP TABLE orders")')
    process = start(stores, "upgrade")
    until(lambda: sessions(databases, "SELECT pg_sleep%"))
    process.send_signal(signal.SIGSTOP)
    yield process
    process.kill()
    process.communicate()


@walks("postgres/lock.py: the lock of the histories is held by {}")
def test_a_holder_that_is_stopped(stores, databases, stopped, monkeypatch):
    monkeypatch.setenv("ANALYTICS_LOCK_TIMEOUT", "0.2")
    said = stores.refused("analytics upgrade", f":{stopped.pid}", "idle for")
    with databases.postgres() as connection:
        connection.execute(*said.statements)
    monkeypatch.setenv("ANALYTICS_LOCK_TIMEOUT", "60")

    second = start(stores, "upgrade")
    lines = iter(second.stderr.readline, "")
    hint = next(line for line in lines if "pg_terminate_backend" in line)
    with databases.postgres() as connection:
        connection.execute(re.search(r"SELECT pg_terminate_backend\(\d+\)", hint)[0])
    _, rest = second.communicate(timeout=60)

    assert second.returncode == 0, rest
    with databases.postgres() as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)


@walks("postgres/lock.py: the connection that holds the lock is lost")
def test_a_lock_that_is_lost(stores, databases):
    more = '\nop.execute("ALTER TABLE orders ADD COLUMN name text")'
    stores.revise("postgres", "0001", STOPPED + more, 'op.execute("DROP TABLE orders")')
    stores.revise("postgres", "0002")
    process = start(stores, "upgrade")
    until(lambda: sessions(databases, "SELECT pg_sleep%"))
    with databases.postgres() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    stores.hears(said, "run the same command again")

    stores.passes("analytics upgrade")


@walks("watch.py: stopped between two steps")
def test_a_release_that_is_interrupted(stores, databases):
    stores.revise("postgres", "0001", STOPPED, 'op.execute("DROP TABLE orders")')
    process = start(stores, "upgrade")
    until(lambda: sessions(databases, "SELECT pg_sleep%"))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    stores.hears(said, "run the same command again")

    stores.passes("analytics upgrade")


@walks("runtime/guard.py: the lock of the histories cannot be had: {}")
def test_clickhouse_without_the_server_of_the_lock(stores, monkeypatch):
    right = os.environ["ANALYTICS_POSTGRES_URL"]
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    said = stores.refused("alembic -n clickhouse upgrade head", "PostgreSQL at 127.0.0.1:1")
    name, value = re.search(r"set (ANALYTICS_\w+)=(\w+)", said.text).groups()

    monkeypatch.setenv(name, value)

    stores.passes("alembic -n clickhouse upgrade head")
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", right)


@pytest.fixture
def alone(stores, monkeypatch):
    """The project with its ClickHouse history alone, and a lease that soon passes on."""
    ini = stores.folder / "alembic.ini"
    both = ini.read_text()
    ini.write_text(both.replace(LOCATION, "", 1))
    monkeypatch.setenv("ANALYTICS_LEASE_TIMEOUT", "1")
    yield stores
    stores.passes("analytics downgrade base --allow-data-loss")
    ini.write_text(both)


@walks("clickhouse/contest.py: the lock of the history is held by {}")
def test_a_lease_that_another_holds(alone, databases, monkeypatch):
    monkeypatch.setenv("ANALYTICS_LOCK_TIMEOUT", "0")
    own = Settings(clickhouse_url=databases.clickhouse_url, lease_timeout=1)
    with lease.held(own, purpose="upgrade 0007", watch=Watch()):
        alone.refused("analytics upgrade", "held by upgrade 0007", f":{os.getpid()}")

    alone.passes("analytics upgrade")
    monkeypatch.delenv("ANALYTICS_LOCK_TIMEOUT")


@walks(
    "release/histories.py: this project has no history of PostgreSQL, and connectors belong to one"
)
def test_connectors_without_the_history_that_has_them(alone):
    ini = alone.folder / "alembic.ini"
    without = ini.read_text()
    alone.refused("analytics connectors", "no history of PostgreSQL", "script_location")

    ini.write_text(without.replace("[alembic]\n", f"[alembic]\n{LOCATION}", 1))

    alone.passes("analytics connectors")
    ini.write_text(without)


@walks(f"clickhouse/fence.py: {ENDED}")
def test_a_lease_whose_holder_has_stood_still(alone, databases):
    alone.revise("clickhouse", "0001", 'op.execute("SELECT sleep(2)")\nop.execute("SELECT 1")')
    process = start(alone, "upgrade")
    until(lambda: "1" in str(databases.clickhouse(RUNNING)))
    process.send_signal(signal.SIGSTOP)
    time.sleep(4)
    process.send_signal(signal.SIGCONT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    alone.hears(said, "run the same command again")

    alone.passes("analytics upgrade")
