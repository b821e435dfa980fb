"""The fence: sessions of the server, outside of which a connection sends nothing any more.

A session of ClickHouse's HTTP interface ends when nobody has used it for its time-out, measured by
the server. A request that says `session_check=1` is refused once it has ended, and a session never
begins again here, since its id is used once. So what a process sends too late is refused by the
server itself, however long the process or the network has stood still.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from analytics.clickhouse.client import ask
from analytics.errors import LockLost

CODE = "X-ClickHouse-Exception-Code"
NOT_FOUND, IS_LOCKED = "372", "373"
POLL = 0.02  # seconds until a session that another request is using is tried again


class Fenced(HTTPAdapter):
    """Sends requests once their session is free; LockLost when it has ended."""

    def send(self, request: PreparedRequest, *arguments: Any, **options: Any) -> Response:
        """Send a request again while its session is in use, by a sign of life or a look at it."""
        while (response := super().send(request, *arguments, **options)).headers.get(
            CODE
        ) == IS_LOCKED:
            response.close()
            time.sleep(POLL)
        if response.headers.get(CODE) == NOT_FOUND:
            raise lost()
        return response


def lost() -> LockLost:
    """The error for whoever no longer holds the lock."""
    return LockLost(
        "ClickHouse has ended the session that holds the lock, or does not answer in it",
        "nothing more was sent; run the same command again, it goes on where this one stopped",
    )


def begin(connection: Any, seconds: int) -> str:
    """Begin a session that ends after so many seconds of silence; the connection stays in it."""
    session = f"analytics-{uuid4()}"
    settings: dict[str, Any] = connection.transport.ch_settings
    settings.pop("session_check", None)
    settings |= {"session_id": session, "session_timeout": seconds}
    ask(connection, "SELECT 1")
    settings["session_check"] = 1
    for scheme in ("http://", "https://"):
        connection.transport.http.mount(scheme, Fenced())
    return session


def is_alive(connection: Any, session: str, seconds: int) -> bool:
    """Whether a session has not ended; the question counts as a use of it.

    `connection` is in no session. The driver's errors, but for those about the session.
    """
    from clickhouse_sqlalchemy.exceptions import DatabaseException

    settings: dict[str, Any] = connection.transport.ch_settings
    own = {"session_id": session, "session_timeout": seconds, "session_check": 1}
    settings |= own
    try:
        ask(connection, "SELECT 1")
    except DatabaseException as error:
        if f"Code: {NOT_FOUND}." in str(error.orig):
            return False
        if f"Code: {IS_LOCKED}." not in str(error.orig):
            raise
    finally:
        for name in own:
            settings.pop(name, None)
    return True


def touch(connection: Any, session: str, seconds: int) -> None:
    """Keep a session alive if it has not ended; whatever fails shows when the session is used."""
    with suppress(Exception):
        is_alive(connection, session, seconds)
