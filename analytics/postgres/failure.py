"""What SQLAlchemy and psycopg raise, as an error of ours that names the server and the remedy."""

from __future__ import annotations

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from analytics.errors import (
    AccessDenied,
    AnalyticsError,
    DatabaseMissing,
    StatementFailed,
    Unreachable,
)

RAISED = (DBAPIError, psycopg.Error)
SHUTDOWN = ("57P01", "57P02", "57P03")  # the server ends, has crashed, or is starting


def translate(error: DBAPIError | psycopg.Error, url: URL) -> AnalyticsError:
    """An exception of `RAISED` as one line; the server's own words are passed on whole."""
    where = f"PostgreSQL at {url.host}:{url.port or 5432}"
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = " ".join(str(cause).split())
    state = getattr(cause, "sqlstate", None)
    if not isinstance(cause, psycopg.OperationalError) or state not in (None, *SHUTDOWN):
        return StatementFailed(
            f"{where} refused a statement: {said}",
            "mend the revision and run the same command again: it was rolled back",
        )
    return _not_connected(said, where, url)


def _not_connected(said: str, where: str, url: URL) -> AnalyticsError:
    """Before there is a connection libpq gives no code, so its words must do."""
    if "database" in said and "does not exist" in said:
        return DatabaseMissing(
            f"{where} has no database {url.database}",
            f'create it (`CREATE DATABASE "{url.database}"`) or mend ANALYTICS_POSTGRES_URL',
        )
    if any(words in said for words in ("authentication failed", "role", "no password supplied")):
        return AccessDenied(
            f"{where} refuses user {url.username}",
            "mend user or password in ANALYTICS_POSTGRES_URL",
        )
    return Unreachable(
        f"{where} does not answer ({said})",
        "start it (`analytics local up postgres`) or mend ANALYTICS_POSTGRES_URL",
    )
