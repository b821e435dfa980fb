"""DDL under traffic: a try that waits too long for a lock is rolled back, and made again later.

A statement that waits for ACCESS EXCLUSIVE makes every query behind it wait, too. So it may wait
for a few seconds only, and its locks are released between two tries.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import psycopg.errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from analytics.postgres import holders
from analytics.watch import Watch

SAVEPOINT = "analytics_try"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0  # seconds between two tries


def patiently(
    function: Callable[[], None],
    connection: Connection,
    *,
    lock_timeout: float,
    tries: int,
    watch: Watch,
) -> None:
    """Call a function within its transaction; when a lock is not free in time, undo and repeat.

    `lock_timeout` is in seconds. A function that has committed meanwhile is not called again.
    LockTimeout, with the table and its holder, after the last try; Interrupted if the user wants a
    stop between two tries.
    """
    pause = FIRST_PAUSE
    for remaining in reversed(range(tries)):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {round(lock_timeout * 1000)}; SAVEPOINT {SAVEPOINT}"
        )
        try:
            return function()
        except (DBAPIError, psycopg.Error) as error:  # of SQLAlchemy, or of an operation of ours
            if not _has_waited(error) or not _is_undone(connection):
                raise
            holder = holders.of_tables(connection, getattr(error, "statement", None))
            if not remaining:
                raise holders.timeout(holder, seconds=lock_timeout, tries=tries) from error
        by = f", held by {holder}" if holder else ""
        watch.say(f"a lock did not come within {lock_timeout:g} s{by}; {remaining} more tries")
        watch.pause(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)


def _has_waited(error: DBAPIError | psycopg.Error) -> bool:
    return isinstance(getattr(error, "orig", error), psycopg.errors.LockNotAvailable)


def _is_undone(connection: Connection) -> bool:
    """Whether all of it was undone; False if it was committed in between."""
    try:
        connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
    except DBAPIError:
        return False
    return True
