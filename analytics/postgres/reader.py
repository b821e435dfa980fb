"""The reader of a replication slot: whether it is the one that was started, and moves on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from analytics.postgres.replication import LOST

NOW = "SELECT clock_timestamp(), pg_current_wal_lsn()::text"

READER = """
SELECT
    slot.active_pid, reader.usename, reader.application_name, reader.backend_start,
    coalesce(slot.wal_status, 'reserved'),
    slot.confirmed_flush_lsn >= CAST(:position AS pg_lsn)
FROM pg_replication_slots AS slot
LEFT JOIN pg_stat_activity AS reader ON reader.pid = slot.active_pid
WHERE slot_name = :slot"""

LOOKS = 10  # in a row that must find the same reader


@dataclass
class Reader:
    """The reader that a slot is to have: its role, since when, and behind which position.

    `nudge` is a statement that gives the reader something to confirm: a quiet database has nothing.
    Without one, whether it moves on is not asked.
    """

    connection: Connection
    slot: str
    role: str  # "" if it is not known
    nudge: str = ""
    since: datetime | None = None
    position: str = "0/0"
    _seen: list[int] = field(default_factory=list)

    def begin(self, *, is_new: bool) -> None:
        """Take the time and the position from which on it must read; a new one reads only then."""
        revive(self.connection)
        now, self.position = self.connection.execute(text(NOW)).one()
        self.since = now if is_new else None
        self._seen.clear()

    def now(self) -> str:
        """The position up to which the server has written."""
        return str(self.connection.execute(text(NOW)).one()[1])

    def is_past(self, position: str) -> bool:
        """Whether the slot's reader has confirmed everything up to a position."""
        asked = {"slot": self.slot, "position": position}
        row = self.connection.execute(text(READER), asked).first()
        return bool(row and row[5])

    def streams(self) -> str:
        """What is missing until the right reader was there at several looks, and has moved on."""
        row = self.connection.execute(
            text(READER), {"slot": self.slot, "position": self.position}
        ).first()
        if fault := self._fault(row):
            self._seen.clear()
            return fault
        assert row is not None
        self._seen = [*(pid for pid in self._seen if pid == row[0]), row[0]]
        if len(self._seen) == LOOKS and self.nudge:
            with suppress(DBAPIError):  # the connector sends the same itself, only later
                self.connection.exec_driver_sql(self.nudge.replace("%", "%%"))
        if len(self._seen) < LOOKS:
            return "its slot is read by a reader that does not stay"
        has_moved = row[5] or not self.nudge
        return "" if has_moved else f"its slot is read, and does not move past {self.position}"

    def _fault(self, row: Any) -> str:
        if row is None:
            return f"slot {self.slot} is gone"
        pid, role, application, started, wal, _ = row
        if wal in LOST:
            return f"slot {self.slot} is {wal}: changes are gone from the server"
        if pid is None:
            return "nobody reads its slot"
        is_other = self.role and role and role != self.role
        is_former = self.since and started and started < self.since
        if is_other or is_former:
            return f"its slot is read by another: {role} ({application}, pid {pid})"
        return ""


def of(connection: Connection, config: Mapping[str, str]) -> Reader:
    """The reader that a connector of this config is to be."""
    return Reader(
        connection,
        config["slot.name"],
        config.get("database.user", ""),
        nudge=config.get("heartbeat.action.query", ""),
    )


def revive(connection: Connection) -> None:
    """Let a connection have another session, if its own was ended meanwhile: an undo needs one."""
    try:
        connection.execute(text("SELECT"))
    except (DBAPIError, PendingRollbackError):
        connection.rollback()  # the next statement opens a session
