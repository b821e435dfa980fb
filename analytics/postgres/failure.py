"""Exceptions of SQLAlchemy and psycopg as errors of ours, which name the server and a remedy."""

from __future__ import annotations

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from analytics.address import Address
from analytics.errors import AnalyticsError
from analytics.postgres import explain

RAISED = (DBAPIError, psycopg.Error)


def translate(error: DBAPIError | psycopg.Error, url: URL) -> AnalyticsError:
    """The error for an exception of `RAISED`, on one line with all of the server's own words."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return explain.explain(
        cause,
        Address(str(url.host), url.port or 5432, str(url.username), str(url.database)),
        remedy="fix what it names and run the same command again",
        sent=str(getattr(error, "statement", None) or ""),
    )
