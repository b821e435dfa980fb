"""Errors of ClickHouse as errors of ours: the server, its own words, and a remedy."""

from __future__ import annotations

import re

from analytics.address import Address
from analytics.clickhouse import denied
from analytics.errors import (
    AccessDenied,
    AnalyticsError,
    DatabaseMissing,
    StatementFailed,
    Unreachable,
)

AUTHENTICATION_FAILED, UNKNOWN_DATABASE, UNFINISHED = "516", "81", "341"
ACCESS_DENIED = "497"
FRAME = re.compile(r"^\d+\. .*@ 0x[0-9a-f]+\s*$", re.M)
MUTATION = re.compile(r"\bmutation_\d+\.txt|\b\d{10}\b")  # of a table, of a replicated one


def unreachable(address: Address, cause: str = "") -> Unreachable:
    """The error for no answer, or for one that is not ClickHouse's."""
    why = f" ({cause})" if cause else ""
    return Unreachable(
        f"{_where(address)} does not answer{why}",
        "start it (`analytics local up clickhouse`) or correct ANALYTICS_CLICKHOUSE_URL",
    )


def explain(answer: str, address: Address, *, remedy: str) -> AnalyticsError:
    """The error for an answer, on one line with all of the server's own words.

    The remedy is for a statement that was refused.
    """
    message = one_line(answer)
    code = re.match(r"Code: (\d+)", message)
    if code and code[1] == AUTHENTICATION_FAILED:
        return AccessDenied(
            f"{_where(address)} refuses user {address.user}",
            "correct user or password in ANALYTICS_CLICKHOUSE_URL",
        )
    if code and code[1] == UNKNOWN_DATABASE and address.database in message:
        return DatabaseMissing(
            f"{_where(address)} has no database {address.database}",
            f"create it (`CREATE DATABASE {address.database} ENGINE = Atomic`) "
            "or correct ANALYTICS_CLICKHOUSE_URL",
        )
    if code and code[1] == UNFINISHED and "mutation" in message:
        remedy = f"{_kill(message, address)}; then {remedy}"
    if code and code[1] == ACCESS_DENIED and (gives := denied.remedy(message)):
        remedy = f"let an administrator send `{gives}`, and run the same command again"
    return StatementFailed(f"{_where(address)} refused a statement: {message}", remedy)


def one_line(answer: str) -> str:
    """All words of an answer on one line, without the frames of the server's stack."""
    return " ".join(FRAME.sub("", answer).split())


def _kill(message: str, address: Address) -> str:
    """The statement that ends the mutations which failed: each later one fails with them."""
    ids = ", ".join(f"'{each}'" for each in dict.fromkeys(MUTATION.findall(message)))
    return (
        f"`KILL MUTATION WHERE database = '{address.database}' AND mutation_id IN ({ids}) "
        "AND latest_fail_reason != ''`"
    )


def _where(address: Address) -> str:
    return f"ClickHouse at {address.host}:{address.port}"
