"""The lease: never two at work, whatever happens to its holder, and never nobody for long."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from analytics.clickhouse import client, contest, fence, lease, leases
from analytics.clickhouse.address import sqlalchemy_url
from analytics.errors import LockLost, LockTimeout
from analytics.settings import Settings
from analytics.watch import Watch
from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = pytest.mark.services

PROCESSES = 8
ROUNDS = int(os.environ.get("LEASE_ROUNDS", "6"))
WORK = """
CREATE TABLE work (lease UInt64, who String, at DateTime64(6) DEFAULT now64(6))
ENGINE = MergeTree ORDER BY at"""
OVERLAPS = """
SELECT count()
FROM (
    SELECT lease, max(lease) OVER (ORDER BY at, lease ROWS UNBOUNDED PRECEDING) AS newest FROM work
)
WHERE lease < newest"""


@pytest.fixture
def settings(databases):
    return Settings(clickhouse_url=databases.clickhouse_url, lease_timeout=1, lock_timeout=0)


def held(settings, purpose="a test", said=None):
    said = [] if said is None else said
    return lease.held(settings, purpose=purpose, watch=Watch(said.append))


def test_who_waits_too_long_is_told_for_whom(settings):
    said = []

    with (
        held(settings, "upgrade 0007"),
        pytest.raises(LockTimeout, match=r"held by upgrade 0007, .*:\d+ \(table analytics_lease_1"),
        held(settings, said=said),
    ):
        pass

    assert said[0].startswith("waiting for the lock, held by upgrade 0007, ")


def test_what_is_let_go_can_be_taken_at_once(settings, databases):
    for number in (1, 2, 3):
        with held(settings) as holder:
            holder.check()
            assert holder.table.number == number

    assert databases.clickhouse("SHOW TABLES LIKE 'analytics_lease_%'") == [["analytics_lease_3"]]


def test_a_holder_that_lives_keeps_it_longer_than_its_sessions_would(settings):
    with held(settings) as holder, client.opened(sqlalchemy_url(settings), timeout=60) as driver:
        holder.fence(driver)
        time.sleep(settings.lease_timeout + contest.MARGIN + 1)
        with pytest.raises(LockTimeout), held(settings):
            pass

        holder.check()
        assert client.ask(driver, "SELECT 1") == [[1]]


def test_a_statement_that_runs_keeps_it(settings):
    with held(settings) as holder, client.opened(sqlalchemy_url(settings), timeout=60) as driver:
        holder.fence(driver)
        holder.sessions.clear()  # no sign of life but the statement's
        running = threading.Thread(
            target=client.ask,
            args=(driver, "SELECT sleepEachRow(1) FROM numbers(8) SETTINGS max_block_size = 1"),
        )
        running.start()
        time.sleep(settings.lease_timeout + contest.MARGIN + 2)
        with pytest.raises(LockTimeout), held(settings):
            pass
        running.join()


def test_what_a_former_holder_sends_is_refused_by_the_server(settings):
    later = replace(settings, lock_timeout=60)
    with client.opened(sqlalchemy_url(settings), timeout=60) as driver:
        with held(settings) as former:
            former.fence(driver)
            former.sessions.clear()  # as a process that stands still
            with held(later) as holder:
                with pytest.raises(LockLost):
                    client.ask(driver, "SELECT 1")
                with pytest.raises(LockLost):
                    former.check()
                with pytest.raises(LockLost):
                    former.fence(driver)
        with held(later) as following:  # the former one has released nothing
            assert following.table.number == holder.table.number + 1


def test_a_holder_whose_sessions_cannot_be_seen_is_left_alone(settings, databases):
    with held(settings) as holder:
        other = replace(holder.table.holder, session="gone", user="somebody")
        holder.table = replace(holder.table, number=2, holder=other)
        holder.table.create(holder.connection)
        time.sleep(settings.lease_timeout + contest.MARGIN + 1)

        with pytest.raises(LockTimeout) as caught, held(settings):
            pass
        (statement,) = re.findall("`(DROP TABLE .+?)`", caught.value.remedy)
        databases.clickhouse(statement)
    with held(replace(settings, lock_timeout=60)) as following:
        assert following.table.number == 2


@dataclass
class Line:
    """A line to the server that can be cut off: what is sent meanwhile arrives later."""

    server: tuple[str, int]
    is_open: threading.Event = field(default_factory=threading.Event)
    listener: socket.socket = field(init=False)

    def __post_init__(self):
        self.is_open.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def _accept(self):
        with suppress(OSError):
            while True:
                ours = self.listener.accept()[0]
                theirs = socket.create_connection(self.server)
                for pair in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, target):
        with suppress(OSError), source, target:
            while data := source.recv(1 << 16):
                self.is_open.wait()
                target.sendall(data)


@dataclass
class Contender:
    """A process at the end of a line of its own."""

    url: str
    name: str
    line: Line = field(init=False)
    process: subprocess.Popen = field(init=False)

    def __post_init__(self):
        url = sqlalchemy_url(Settings(clickhouse_url=self.url))
        self.line = Line((url.host, url.port))
        far = url.set(port=self.line.port).render_as_string(hide_password=False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.clickhouse.contender", far, self.name],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(random.uniform(0, 6))
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()

    def cut_off(self):
        self.line.is_open.clear()
        time.sleep(random.uniform(0, 6))
        self.line.is_open.set()

    def end(self):
        self.line.is_open.set()
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        said = self.process.communicate()[0].split()
        self.line.listener.close()
        return said


@pytest.mark.slow
def test_never_two_are_at_work(databases):
    databases.clickhouse(WORK)
    running = [Contender(databases.clickhouse_url, f"c{n}") for n in range(PROCESSES)]
    said, faults = [], ("stop", "kill", "cut_off")
    try:
        for number in range(ROUNDS):
            holder = wait_for_work(databases, running)
            fault = random.choice(faults)
            time.sleep(random.uniform(0, 0.3))
            getattr(holder, fault)()
            record(test="lease", fault=fault, end="one at work")
            if fault == "kill":
                said += holder.end()
                running.remove(holder)
                running.append(Contender(databases.clickhouse_url, f"r{number}"))
        wait_for_work(databases, running)
    finally:
        said += [word for each in running for word in each.end()]

    assert databases.clickhouse(OVERLAPS) == [["0"]]
    rows, taken = map(int, databases.clickhouse("SELECT count(), uniqExact(lease) FROM work")[0])
    assert taken > ROUNDS // 2
    ended = {word: said.count(word) for word in ("done", "lost")}
    record(test="lease", fault="turns", rows=rows, leases=taken, **ended)


def wait_for_work(databases, running):
    """The process that works: it has written since this was called."""
    began, since = time.monotonic(), databases.clickhouse("SELECT now64(6)")[0][0]
    newest = f"SELECT who FROM work WHERE at > '{since}' ORDER BY at DESC LIMIT 1"
    while time.monotonic() < began + 60:
        names = [name for (name,) in databases.clickhouse(newest)]
        if found := [each for each in running if each.name in names]:  # not one that was killed
            return found[0]
        time.sleep(0.05)
    raise AssertionError("nobody works")


def test_the_overlap_of_two_would_be_seen(databases):
    databases.clickhouse(WORK)
    databases.clickhouse(
        "INSERT INTO work VALUES (1, 'a', 1), (2, 'b', 2), (1, 'a', 3), (3, 'c', 4), (3, 'c', 5)"
    )

    assert databases.clickhouse(OVERLAPS) == [["1"]]


def test_leases_are_no_tables_of_the_history(settings, databases):
    from analytics.stores import STORES

    with held(settings) as holder:
        assert leases.every(holder.connection)[0].holder.session == holder.sessions[0]
        assert STORES["clickhouse"].tables(holder.connection) == {}
        assert not fence.is_alive(client_of(settings), "never was", 1)


def client_of(settings):
    from sqlalchemy import create_engine

    return create_engine(sqlalchemy_url(settings)).raw_connection()
