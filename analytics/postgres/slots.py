"""The replication slots of the current database: who reads them, and how much WAL they keep."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row
from sqlalchemy import Connection, text

ALL = """
SELECT
    slot.slot_name AS name,
    coalesce(slot.wal_status, 'reserved') AS wal_status,
    slot.active_pid AS pid,
    reader.usename AS reader,
    pg_wal_lsn_diff(pg_current_wal_lsn(), slot.confirmed_flush_lsn)::bigint AS behind,
    pg_wal_lsn_diff(pg_current_wal_lsn(), slot.restart_lsn)::bigint AS kept,
    nullif((SELECT setting::bigint << 20 FROM pg_settings
            WHERE name = 'max_slot_wal_keep_size'), -1::bigint << 20) AS most
FROM pg_replication_slots AS slot
LEFT JOIN pg_stat_activity AS reader ON reader.pid = slot.active_pid
WHERE slot.database = current_database() AND slot.slot_type = 'logical'
ORDER BY 1"""


CONFIRMED = """
SELECT pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')
FROM pg_replication_slots
WHERE slot_name = :name"""

YOUNGER = """
SELECT age(publication.xmin) < age(slot.catalog_xmin)
FROM pg_publication AS publication, pg_replication_slots AS slot
WHERE pubname = :publication AND slot_name = :name"""


@dataclass(frozen=True)
class SlotState:
    """A logical slot; sizes are in bytes of WAL."""

    name: str
    wal_status: str
    pid: int | None
    reader: str | None
    behind: int | None  # from what its reader has confirmed to the newest
    kept: int | None  # from what the server keeps for it to the newest
    most: int | None  # that it may keep (max_slot_wal_keep_size); None without a limit


def everything(connection: psycopg.Connection) -> list[SlotState]:
    """All logical slots of the current database, by name."""
    with connection.cursor(row_factory=class_row(SlotState)) as cursor:
        return cursor.execute(ALL).fetchall()


def confirmed(connection: Connection, name: str) -> int:
    """The position that a slot's reader has confirmed, in bytes of WAL; 0 without such a slot."""
    return int(connection.execute(text(CONFIRMED), {"name": name}).scalar() or 0)


def is_older(connection: Connection, name: str, publication: str) -> bool:
    """Whether a slot has changes to read from before its publication, or a change of that."""
    asked = {"name": name, "publication": publication}
    return bool(connection.execute(text(YOUNGER), asked).scalar())
