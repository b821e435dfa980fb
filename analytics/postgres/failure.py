"""What SQLAlchemy and psycopg raise, as an error of ours that names the server and the remedy."""

from __future__ import annotations

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from analytics.address import Address
from analytics.errors import AnalyticsError
from analytics.postgres import explain

RAISED = (DBAPIError, psycopg.Error)


def translate(error: DBAPIError | psycopg.Error, url: URL) -> AnalyticsError:
    """An exception of `RAISED` as one line; the server's own words are passed on whole."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return explain.explain(
        cause,
        Address(str(url.host), url.port or 5432, str(url.username), str(url.database)),
        remedy="mend the revision and run the same command again: it was rolled back",
    )
