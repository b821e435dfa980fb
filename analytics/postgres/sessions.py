"""Sessions of ours in PostgreSQL, and the wait for others that are inside a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

    from analytics.watch import Watch

APPLICATION_NAME = "analytics revisions"
CONNECT_ARGS: dict[str, Any] = {"connect_timeout": 10, "application_name": APPLICATION_NAME}
PAUSE = 0.2  # seconds between two looks

OTHERS = """
SELECT pid, coalesce(state, 'of ' || usename)
FROM pg_stat_activity AS session
WHERE application_name = %s
  AND datname = current_database()
  AND pid != pg_backend_pid()
  AND EXISTS (
    SELECT FROM pg_locks WHERE pg_locks.pid = session.pid AND locktype = 'virtualxid'
  )"""
# not by xact_start, which the server hides from other users


def opened(conninfo: str) -> psycopg.Connection:
    """A connection beside Alembic's, in autocommit."""
    import psycopg

    timeout = CONNECT_ARGS["connect_timeout"]
    return psycopg.connect(conninfo, autocommit=True, connect_timeout=timeout)


def wait_for_others(connection: psycopg.Connection, *, watch: Watch) -> None:
    """Return when no other session of ours has a transaction open; leaves none open itself.

    Interrupted if the user wants a stop.
    """
    reported = False
    while True:
        others = connection.execute(OTHERS, [APPLICATION_NAME]).fetchall()
        connection.rollback()
        if not others:
            return
        if not reported:
            pid, state = others[0]
            watch.say(
                f"waiting for PostgreSQL session {pid} ({state}), left by a run that lost the lock;"
                f" if it is stuck: SELECT pg_terminate_backend({pid})"
            )
            reported = True
        watch.pause(PAUSE)
