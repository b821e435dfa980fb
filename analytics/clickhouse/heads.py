"""The current revisions of ClickHouse, read without its driver."""

from __future__ import annotations

import re

from analytics.address import Address
from analytics.clickhouse import client, explain

QUERY = "SELECT version_num FROM alembic_version FORMAT TabSeparated"
UNKNOWN_TABLE = "Code: 60."


def current(address: Address, *, timeout: float) -> tuple[str, ...]:
    """The heads that Alembic's view shows; none if the view was never created.

    Unreachable without an answer; AccessDenied, DatabaseMissing or StatementFailed for a refusal.
    """
    status, answer = client.ask_by_http(address, QUERY, timeout=timeout)
    if status == 200:
        return tuple(answer.split())
    if answer.startswith(UNKNOWN_TABLE) and _names_the_view(answer):
        return ()
    raise explain.explain(answer, address, remedy="let the user read the view alembic_version")


def _names_the_view(answer: str) -> bool:
    """Whether the view is unknown, and not the log that the view reads."""
    first = re.search(r"alembic_version\w*", answer)
    return first is not None and first[0] == "alembic_version"
