"""Exceptions of psycopg as errors of ours: the server, its own words, and a remedy."""

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
from analytics.postgres import denied

INSUFFICIENT_PRIVILEGE = "42501"
SHUTDOWN = ("57P01", "57P02", "57P03")  # the server ends, has crashed, or is starting


def explain(
    cause: BaseException | None, address: Address, *, remedy: str, sent: str = ""
) -> AnalyticsError:
    """The error for an exception, on one line with all of the server's own words.

    The remedy is for a statement that was refused: the one that was sent, if it is known.
    """
    server = f"PostgreSQL at {address.host}:{address.port}"
    message = " ".join(str(cause).split())
    state = getattr(cause, "sqlstate", None)
    if not isinstance(cause, psycopg.OperationalError) or state not in (None, *SHUTDOWN):
        gives = state == INSUFFICIENT_PRIVILEGE and denied.remedy(message, address.user, sent=sent)
        if gives:
            remedy = f"let its owner or a superuser send `{gives}`, and run the same command again"
        return StatementFailed(f"{server} refused a statement: {message}", remedy)
    return _not_connected(message, server, address)


def _not_connected(message: str, server: str, address: Address) -> AnalyticsError:
    """The error by libpq's words: before there is a connection it gives no code."""
    if "database" in message and "does not exist" in message:
        return DatabaseMissing(
            f"{server} has no database {address.database}",
            f'create it (`CREATE DATABASE "{address.database}"`) or correct ANALYTICS_POSTGRES_URL',
        )
    if any(words in message for words in ("authentication failed", "role", "no password supplied")):
        return AccessDenied(
            f"{server} refuses user {address.user}",
            "correct user or password in ANALYTICS_POSTGRES_URL",
        )
    return Unreachable(
        f"{server} does not answer ({message})",
        "start it (`analytics local up postgres`) or correct ANALYTICS_POSTGRES_URL",
    )
