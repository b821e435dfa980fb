"""What ClickHouse answers instead of a result, as an error of ours with a remedy."""

from __future__ import annotations

import re

from analytics.address import Address
from analytics.errors import (
    AccessDenied,
    AnalyticsError,
    DatabaseMissing,
    StatementFailed,
    Unreachable,
)

AUTHENTICATION_FAILED, UNKNOWN_DATABASE = "516", "81"


def unreachable(address: Address, said: str = "") -> Unreachable:
    """Nobody answered, or nothing that could be understood."""
    why = f" ({said})" if said else ""
    return Unreachable(
        f"{_where(address)} does not answer{why}",
        "start it (`analytics local up clickhouse`) or mend ANALYTICS_CLICKHOUSE_URL",
    )


def explain(said: str, address: Address, *, remedy: str) -> AnalyticsError:
    """One line, the server's own words whole; the remedy is for a statement that was refused."""
    said = " ".join(said.split())
    code = re.match(r"Code: (\d+)", said)
    if code and code[1] == AUTHENTICATION_FAILED:
        return AccessDenied(
            f"{_where(address)} refuses user {address.user}",
            "mend user or password in ANALYTICS_CLICKHOUSE_URL",
        )
    if code and code[1] == UNKNOWN_DATABASE and address.database in said:
        return DatabaseMissing(
            f"{_where(address)} has no database {address.database}",
            f"create it (`CREATE DATABASE {address.database} ENGINE = Atomic`) "
            "or mend ANALYTICS_CLICKHOUSE_URL",
        )
    return StatementFailed(f"{_where(address)} refused a statement: {said}", remedy)


def _where(address: Address) -> str:
    return f"ClickHouse at {address.host}:{address.port}"
