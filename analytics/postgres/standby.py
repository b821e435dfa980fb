"""The failover slots of PostgreSQL 17 and newer, which standbys keep in step."""

from __future__ import annotations

from sqlalchemy import Connection, text

from analytics.errors import Refused

SINCE = 17
ARGUMENT = ", failover => true"  # of pg_create_logical_replication_slot


def check(connection: Connection, name: str, *, lacks: bool) -> None:
    """Refused if the server knows no failover slots, or has a slot that lacks it."""
    version = int(str(connection.execute(text("SHOW server_version_num")).scalar())) // 10_000
    if version < SINCE:
        raise Refused(
            f"replication slot {name} is to fail over, and PostgreSQL {version} has no such slots",
            f"leave failover=True out, or upgrade the server to {SINCE} or newer first",
        )
    if lacks:
        raise Refused(
            f"replication slot {name} exists, and does not fail over",
            "stop its reader and send, through a session with replication=database, "
            f"`ALTER_REPLICATION_SLOT {name} (FAILOVER true)`; then run the same command again",
        )
