"""Queries that were sent and not answered: their outcome on the server, by query id alone.

The query log can lose its last seconds in a crash, so a missing entry proves nothing.
"""

from __future__ import annotations

import time
from typing import Any

from analytics.clickhouse.client import ask
from analytics.journal.entry import State
from analytics.watch import Watch

PAUSE = 0.2  # seconds between two looks at a running query
REPORTED = 5.0  # seconds after which a wait is worth a line

RUNNING = """
SELECT query_id, toUInt32(elapsed)
FROM system.processes
WHERE startsWith(query_id, %(prefix)s)"""

OUTCOME = """
SELECT type
FROM system.query_log
WHERE query_id = %(query_id)s AND type != 'QueryStart'
ORDER BY event_time_microseconds DESC
LIMIT 1"""

MEANING = {"QueryFinish": State.DONE, "ExceptionBeforeStart": State.FAILED}

HAS_QUERY_LOG = "EXISTS TABLE system.query_log"


def wait(connection: Any, prefix: str, *, watch: Watch) -> None:
    """Return when no query runs whose id begins with `prefix`; `connection` is the driver's own.

    Interrupted if the user wants a stop.
    """
    reported = 0.0
    while running := ask(connection, RUNNING, prefix=prefix):
        if time.monotonic() - reported > REPORTED:
            query_id, seconds = running[0]
            watch.say(f"waiting for query {query_id}, which runs for {seconds} s")
            reported = time.monotonic()
        watch.pause(PAUSE)


def settle(connection: Any, query_id: str, *, watch: Watch) -> State | None:
    """The outcome of a query, after waiting for its end; None if the server does not know it.

    A query that failed while it ran may have written a part: None, too. Raises as `wait`.
    """
    wait(connection, query_id, watch=watch)
    ask(connection, "SYSTEM FLUSH LOGS")
    if not ask(connection, HAS_QUERY_LOG)[0][0]:
        return None
    rows = ask(connection, OUTCOME, query_id=query_id)
    return MEANING.get(rows[0][0]) if rows else None
