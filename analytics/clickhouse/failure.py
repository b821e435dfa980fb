"""Exceptions of the driver as errors of ours, which name the server and a remedy."""

from __future__ import annotations

from clickhouse_sqlalchemy.exceptions import DatabaseException
from requests import RequestException
from sqlalchemy import URL

from analytics.address import Address
from analytics.clickhouse import explain
from analytics.errors import AnalyticsError

RAISED = (DatabaseException, RequestException)


def translate(error: BaseException, url: URL) -> AnalyticsError:
    """The error for an exception of `RAISED`, on one line with all of the server's own words."""
    user = url.username or "default"
    address = Address(str(url.host), url.port or 8123, user, str(url.database))
    if isinstance(error, RequestException):
        return explain.unreachable(address)
    return explain.explain(
        str(getattr(error, "orig", error)),
        address,
        remedy="fix the revision or its definition and run the same command again",
    )
