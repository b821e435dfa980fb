"""The sessions of PostgreSQL that others wait for, and the statement that ends one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analytics.errors import LockTimeout

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection

QUERY_LENGTH = 80  # characters of a holder's query that are shown
TIME = "%Y-%m-%d %H:%M:%S %Z"
STUCK = 60  # seconds after which a holder that does nothing is worth a line

OF_LOCK = """
SELECT application_name, pid, usename, backend_start,
       extract(epoch FROM clock_timestamp() - state_change)::integer
FROM pg_locks
JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory'
  AND granted
  AND (classid::bigint << 32) + objid::bigint = %s
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""

OF_TABLES = """
SELECT relation::regclass::text, pid, application_name, coalesce(usename, ''),
       coalesce(state, ''), coalesce(xact_start, backend_start), coalesce(query, '')
FROM pg_locks
JOIN pg_stat_activity USING (pid)
JOIN pg_class ON pg_class.oid = relation
WHERE granted
  AND pid != pg_backend_pid()
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relnamespace != 'pg_catalog'::regnamespace
  AND (relname = ANY(%s) OR %s)
ORDER BY relkind != 'r', xact_start
LIMIT 1"""


def ends(pid: int) -> str:
    """The statement that ends a session; its transaction is rolled back."""
    return f"SELECT pg_terminate_backend({pid})"


@dataclass(frozen=True)
class LockHolder:
    """The session that holds the lock over both histories."""

    name: str
    pid: int
    user: str
    since: datetime | None  # the server hides the times of other users' sessions
    idle: int | None  # seconds since it has last asked the server

    def __str__(self) -> str:
        when = f", connected since {self.since:{TIME}}" if self.since else f" of {self.user}"
        return f"{self.name} (PostgreSQL session {self.pid}){when}"

    @property
    def seen(self) -> str:
        """The same, and when it has last been at work."""
        return str(self) if self.idle is None else f"{self}, idle for {self.idle} s"

    @property
    def ends(self) -> str:
        return ends(self.pid)


@dataclass
class Waiting:
    """The wait for the lock: each holder is named once, and once more if it seems to be stuck."""

    say: Callable[[str], None]
    holder: LockHolder | None = None  # the last one
    said: str = ""

    def look(self, connection: psycopg.Connection, key: int) -> None:
        """See who holds it now; nobody if it has just become free."""
        row = connection.execute(OF_LOCK, [key]).fetchone()
        if row is None:
            return
        self.holder = holder = LockHolder(*row)
        line = f"waiting for {holder}"
        if holder.idle is not None and holder.idle > STUCK:
            line += f", idle for more than {STUCK} s; if it is stuck: {holder.ends}"
        if line != self.said:
            self.say(line)
            self.said = line


@dataclass(frozen=True)
class TableHolder:
    """A session, and the table that it holds."""

    table: str
    pid: int
    application: str
    user: str
    state: str
    since: datetime | None  # when its transaction has begun, if the server shows it
    query: str  # its last one

    def __str__(self) -> str:
        who = ", ".join(filter(None, (self.application, self.user, self.state)))
        query = " ".join(self.query.split())[:QUERY_LENGTH]
        since = f", since {self.since:{TIME}}" if self.since else ""
        return f"PostgreSQL session {self.pid} ({who}{since}: {query})"


def of_tables(connection: Connection, statement: str | None) -> TableHolder | None:
    """The oldest session that holds a table which the statement names; None if it is gone.

    Without a statement, of any table.
    """
    names = sorted(set(re.findall(r"\w+", statement or "")))
    row = connection.exec_driver_sql(OF_TABLES, (names, not names)).first()
    return None if row is None else TableHolder(*row)


def timeout(holder: TableHolder | None, *, seconds: float, tries: int) -> LockTimeout:
    """The error for a statement that has waited too long, so often, for a table."""
    waited = f"within {seconds:g} s, {tries} times"
    if holder is None:
        return LockTimeout(
            f"a table did not come free {waited}, and nobody holds it any more",
            "run the same command again",
        )
    return LockTimeout(
        f"{holder.table} did not come free {waited}: {holder} holds it",
        f"wait for its end, or end it: `{ends(holder.pid)}`; then run the same command again",
    )
