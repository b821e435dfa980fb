"""DDL under traffic: a lock that does not come soon is given up, and asked for again later.

A statement that waits for ACCESS EXCLUSIVE makes every query behind it wait, too: so it may wait
for a few seconds only, and what it holds is let go between two tries.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import psycopg.errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

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
    """Call a function within its transaction; when a lock does not come, undo it and try again.

    `lock_timeout` in seconds. A function that has committed meanwhile is not called again.
    """
    pause = FIRST_PAUSE
    for left in reversed(range(tries)):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {round(lock_timeout * 1000)}; SAVEPOINT {SAVEPOINT}"
        )
        try:
            return function()
        except DBAPIError as error:
            if not left or not _has_waited(error) or not _is_undone(connection):
                raise
        watch.say(f"a lock did not come within {lock_timeout:g} s; {left} more tries")
        watch.pause(pause * random.uniform(0.5, 1.5))
        pause = min(pause * 2, LONGEST_PAUSE)


def _has_waited(error: DBAPIError) -> bool:
    return isinstance(error.orig, psycopg.errors.LockNotAvailable)


def _is_undone(connection: Connection) -> bool:
    """Whether all of it could be undone: not if it was committed in between."""
    try:
        connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
    except DBAPIError:
        return False
    return True
