"""The lock over the histories: an advisory lock of PostgreSQL, on a connection of its own.

Alembic has no lock: of four upgrades of a fresh database at the same time, three fail. The lock
lasts as long as its session: when its holder is killed, it is free at once. It is polled, because
a blocking `pg_advisory_lock` inside a transaction would deadlock with CREATE INDEX CONCURRENTLY.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg

from analytics.errors import LockLost, LockTimeout
from analytics.journal.person import process, who
from analytics.postgres import holders
from analytics.postgres.releases import PostgresReleases
from analytics.watch import Watch

KEY = 0x616E616C79746963  # "analytic"; a key of advisory locks counts within its database
APPLICATION_NAME_BYTES = 63
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two attempts


@dataclass
class Lock:
    """A lock that is held; its connection is in autocommit, for lines that outlive a rollback."""

    connection: psycopg.Connection

    @property
    def releases(self) -> PostgresReleases:
        """The record of releases."""
        return PostgresReleases(self.connection)

    def check(self) -> None:
        """Return if this process still holds the lock; LockLost if its connection is gone."""
        try:
            self.connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise _lost() from error

    def fence(self, driver: object) -> None:
        """Nothing to do: a process that stands still goes on holding the lock."""

    def name(self, purpose: str) -> None:
        """Show those who wait the purpose of the lock; LockLost as in `check`."""
        try:
            self.connection.execute(
                "SELECT set_config('application_name', %s, false)", [application_name(purpose)]
            )
        except psycopg.Error as error:
            raise _lost() from error


def conninfo(url: str) -> str:
    """A URL of SQLAlchemy in the form that libpq takes."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def application_name(purpose: str) -> str:
    """The holder's name in `pg_stat_activity`: `analytics upgrade 0007 ann@host:pid`.

    PostgreSQL cuts it: without the person if there would be no room for the purpose.
    """
    longest = APPLICATION_NAME_BYTES - len(f"analytics {purpose} ")
    holder = who() if len(who().encode()) <= longest else process()
    return f"analytics {purpose}"[: APPLICATION_NAME_BYTES - len(holder) - 1] + f" {holder}"


@contextmanager
def held(conninfo: str, *, purpose: str, timeout: float, watch: Watch) -> Iterator[Lock]:
    """Hold the lock; LockTimeout if another process holds it for longer than `timeout` seconds.

    Interrupted if the user wants a stop while it waits.
    """
    connection = _acquire(conninfo, purpose, time.monotonic() + timeout, watch=watch)
    try:
        yield Lock(connection)
    finally:
        with suppress(psycopg.Error):  # a connection that is lost holds no lock
            connection.close()


def _acquire(conninfo: str, purpose: str, until: float, *, watch: Watch) -> psycopg.Connection:
    """A connection that holds the lock; if the server restarts meanwhile, a new one."""
    pause, waiting = FIRST_PAUSE, holders.Waiting(watch.say)
    connection = _connect(conninfo, purpose)
    while True:
        try:
            if _try(connection):
                return connection
            waiting.look(connection, KEY)
        except psycopg.OperationalError:
            connection = _reconnect(conninfo, purpose, until, watch=watch)
        if time.monotonic() > until:
            connection.close()
            raise _timeout(waiting.holder)
        watch.pause(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)


def _connect(conninfo: str, purpose: str) -> psycopg.Connection:
    return psycopg.connect(
        conninfo,
        autocommit=True,
        application_name=application_name(purpose),
        connect_timeout=10,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
    )


def _reconnect(conninfo: str, purpose: str, until: float, *, watch: Watch) -> psycopg.Connection:
    """A new connection; the server may be restarting, so it is tried until the time is over."""
    while True:
        try:
            return _connect(conninfo, purpose)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            watch.pause(LONGEST_PAUSE)


def _try(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [KEY]).fetchone()
    return bool(row and row[0])


def _timeout(holder: holders.LockHolder | None) -> LockTimeout:
    stuck = f"; if that process is stopped or stuck, end it: `{holder.ends}`" if holder else ""
    return LockTimeout(
        f"the lock of the histories is held by {holder.seen if holder else 'another process'}",
        f"wait for it to end, or give it longer with ANALYTICS_LOCK_TIMEOUT (seconds){stuck}",
    )


def _lost() -> LockLost:
    return LockLost(
        "the connection that holds the lock is lost",
        "nothing more was sent; run the same command again, it goes on where this one stopped",
    )
