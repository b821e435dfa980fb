"""What the driver raises, as an error of ours that names the server and the remedy."""

from __future__ import annotations

import re

from clickhouse_sqlalchemy.exceptions import DatabaseException
from requests import RequestException
from sqlalchemy import URL

from analytics.errors import (
    AccessDenied,
    AnalyticsError,
    DatabaseMissing,
    StatementFailed,
    Unreachable,
)

RAISED = (DatabaseException, RequestException)
AUTHENTICATION_FAILED, UNKNOWN_DATABASE = 516, 81


def translate(error: BaseException, url: URL) -> AnalyticsError:
    """An exception of `RAISED` as one line; the server's own words are passed on whole."""
    where = f"ClickHouse at {url.host}:{url.port or 8123}"
    if isinstance(error, RequestException):
        return Unreachable(
            f"{where} does not answer",
            "start it (`analytics local up clickhouse`) or mend ANALYTICS_CLICKHOUSE_URL",
        )
    said = " ".join(str(getattr(error, "orig", error)).split())
    code = re.match(r"Code: (\d+)", said)
    if code and int(code[1]) == AUTHENTICATION_FAILED:
        return AccessDenied(
            f"{where} refuses user {url.username or 'default'}",
            "mend user or password in ANALYTICS_CLICKHOUSE_URL",
        )
    if code and int(code[1]) == UNKNOWN_DATABASE and f"{url.database}" in said:
        return DatabaseMissing(
            f"{where} has no database {url.database}",
            f"create it (`CREATE DATABASE {url.database} ENGINE = Atomic`) "
            "or mend ANALYTICS_CLICKHOUSE_URL",
        )
    return StatementFailed(
        f"{where} refused a statement: {said}",
        "mend the revision or its definition and run the same command again",
    )
