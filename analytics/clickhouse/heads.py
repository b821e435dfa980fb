"""The revisions that ClickHouse is at, asked without its driver."""

from __future__ import annotations

import re

from analytics.address import Address
from analytics.clickhouse import client, explain

QUERY = "SELECT version_num FROM alembic_version FORMAT TabSeparated"
UNKNOWN_TABLE = "Code: 60."


def current(address: Address, *, timeout: float) -> tuple[str, ...]:
    """The heads that Alembic's view shows; none where it has never been made."""
    status, answer = client.ask_by_http(address, QUERY, timeout=timeout)
    if status == 200:
        return tuple(answer.split())
    if answer.startswith(UNKNOWN_TABLE) and _names_the_view(answer):
        return ()
    raise explain.explain(answer, address, remedy="let the user read the view alembic_version")


def _names_the_view(answer: str) -> bool:
    """Whether the view is unknown, and not the log behind it, without which it says nothing."""
    first = re.search(r"alembic_version\w*", answer)
    return first is not None and first[0] == "alembic_version"
