"""Publications and logical replication slots: their state, and the statements that change it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from analytics.errors import NotHealthy, Refused
from analytics.postgres import holders, standby

SLOT = """
SELECT
    plugin, database, active_pid, coalesce(wal_status, 'reserved'),
    coalesce(to_jsonb(slot) ->> 'failover', 'false') = 'true'
FROM pg_replication_slots AS slot
WHERE slot_name = :name"""
OLDEST = """
SELECT pid
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL
  AND pid != pg_backend_pid()
ORDER BY xact_start
LIMIT 1"""

AHEAD = """
SELECT one.confirmed_flush_lsn > other.confirmed_flush_lsn
FROM pg_replication_slots AS one, pg_replication_slots AS other
WHERE one.slot_name = :name
  AND other.slot_name = :other"""

LOST = ("lost", "unreserved")


@dataclass(frozen=True)
class Slot:
    """A row of pg_replication_slots."""

    plugin: str
    database: str
    reader: int | None  # the session that reads it
    wal_status: str
    failover: bool  # kept in step on standbys; never before PostgreSQL 17

    @property
    def active(self) -> bool:
        """Whether somebody reads it."""
        return self.reader is not None


def slot(connection: Connection, name: str) -> Slot | None:
    """The slot of that name on the whole server, or None."""
    row = connection.execute(text(SLOT), {"name": name}).first()
    return None if row is None else Slot(*row)


def create_slot(
    connection: Connection, name: str, *, plugin: str, timeout: float, failover: bool = False
) -> None:
    """Create the slot, or adopt one of the same plugin and database; else Refused.

    Needs a connection outside a transaction: a slot cannot be created after a write, and is not
    rolled back. NotHealthy if an older transaction is still open after `timeout` seconds.
    """
    existing = slot(connection, name)
    if failover:
        standby.check(connection, name, lacks=existing is not None and not existing.failover)
    if existing is None:
        arguments = f":name, :plugin{standby.ARGUMENT if failover else ''}"
        _make_slot(connection, arguments, {"name": name, "plugin": plugin}, timeout=timeout)
        return
    database = connection.execute(text("SELECT current_database()")).scalar()
    if (existing.plugin, existing.database) != (plugin, database):
        owner = f"plugin {existing.plugin}, database {existing.database}"
        raise Refused(
            f"replication slot {name} belongs to {owner}",
            "choose another ANALYTICS_NAMESPACE, or drop that slot if nobody needs it, in its "
            f"database: `SELECT pg_drop_replication_slot('{name}')`",
        )
    if existing.wal_status in LOST:
        raise Refused(
            f"replication slot {name} is {existing.wal_status}: changes are gone from the server",
            f"SELECT pg_drop_replication_slot('{name}'), run the same command again, and send the "
            "rows again that were written since",
        )


def copy_slot(connection: Connection, name: str, copy: str) -> None:
    """Make a slot of that plugin at that position; nothing to do if there is one named so."""
    if slot(connection, copy) is None:
        connection.execute(
            text("SELECT pg_copy_logical_replication_slot(:name, :copy)"),
            {"name": name, "copy": copy},
        )


def is_ahead(connection: Connection, name: str, other: str) -> bool:
    """Whether a slot begins behind what the reader of another has confirmed: rows lie between.

    False if one of the two does not exist.
    """
    return bool(connection.execute(text(AHEAD), {"name": name, "other": other}).scalar())


def drop_slot(connection: Connection, name: str, *, timeout: float) -> None:
    """Drop the slot if it exists; NotHealthy if it is still being read after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while (existing := slot(connection, name)) is not None:
        if not existing.active:
            connection.execute(text("SELECT pg_drop_replication_slot(:name)"), {"name": name})
            return
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"replication slot {name} is still being read after {timeout:.0f} s",
                "stop or remove the connector that reads it, or end its session: "
                f"`{holders.ends(existing.reader or 0)}`; then run the same command again",
            )
        time.sleep(0.1)


def _make_slot(
    connection: Connection, arguments: str, values: dict[str, str], *, timeout: float
) -> None:
    connection.execute(text(f"SET statement_timeout = {int(timeout * 1000)}"))
    try:
        connection.execute(text(f"SELECT pg_create_logical_replication_slot({arguments})"), values)
    except OperationalError as error:
        from psycopg.errors import QueryCanceled

        if not isinstance(error.orig, QueryCanceled):
            raise
        raise NotHealthy(
            f"replication slot {values['name']} waits for an older transaction since "
            f"{timeout:.0f} s",
            f"end that transaction: `{_oldest(connection)}`; then run the same command again",
        ) from error
    finally:
        connection.execute(text("RESET statement_timeout"))


def _oldest(connection: Connection) -> str:
    """The statement that ends the oldest transaction of the server, or that finds it."""
    pid = connection.execute(text(OLDEST)).scalar()
    return holders.ends(pid) if pid else "SELECT * FROM pg_stat_activity ORDER BY xact_start"
