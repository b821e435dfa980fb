"""What psycopg raises, as an error of ours that names the server and the remedy."""

from __future__ import annotations

import psycopg

from analytics.address import Address
from analytics.errors import (
    AccessDenied,
    AnalyticsError,
    DatabaseMissing,
    StatementFailed,
    Unreachable,
)

SHUTDOWN = ("57P01", "57P02", "57P03")  # the server ends, has crashed, or is starting


def explain(cause: BaseException | None, address: Address, *, remedy: str) -> AnalyticsError:
    """One line, the server's own words whole; the remedy is for a statement that was refused."""
    where = f"PostgreSQL at {address.host}:{address.port}"
    said = " ".join(str(cause).split())
    state = getattr(cause, "sqlstate", None)
    if not isinstance(cause, psycopg.OperationalError) or state not in (None, *SHUTDOWN):
        return StatementFailed(f"{where} refused a statement: {said}", remedy)
    return _not_connected(said, where, address)


def _not_connected(said: str, where: str, address: Address) -> AnalyticsError:
    """Before there is a connection libpq gives no code, so its words must do."""
    if "database" in said and "does not exist" in said:
        return DatabaseMissing(
            f"{where} has no database {address.database}",
            f'create it (`CREATE DATABASE "{address.database}"`) or mend ANALYTICS_POSTGRES_URL',
        )
    if any(words in said for words in ("authentication failed", "role", "no password supplied")):
        return AccessDenied(
            f"{where} refuses user {address.user}",
            "mend user or password in ANALYTICS_POSTGRES_URL",
        )
    return Unreachable(
        f"{where} does not answer ({said})",
        "start it (`analytics local up postgres`) or mend ANALYTICS_POSTGRES_URL",
    )
