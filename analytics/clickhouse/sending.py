"""The sending of a statement under a query id, and its outcome when no answer comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from analytics.errors import InDoubt
from analytics.journal.entry import State


def answers_within(connection: Any, seconds: float) -> None:
    """Set how long the driver's connection waits for an answer; by default it waits for ever."""
    connection.transport.timeout = seconds


@contextmanager
def under(
    connection: Any, query_id: str, *, settle: Callable[[str], State | None]
) -> Iterator[None]:
    """Send what the driver's connection sends within the block under that id: one statement.

    When the driver's time-out is over, `settle` asks the server: a statement that is done counts
    as answered, however long it took. InDoubt if it is not done, or the server does not know.
    """
    from requests import ReadTimeout  # slow to import, and PostgreSQL's history has no need of it

    settings: dict[str, Any] = connection.transport.ch_settings
    settings["query_id"] = query_id
    try:
        yield
    except ReadTimeout:
        del settings["query_id"]
        if settle(query_id) is not State.DONE:
            raise InDoubt(
                f"no answer came from ClickHouse, and query {query_id} is not done",
                "run the same command again: it asks the server once more",
            ) from None
    finally:
        settings.pop("query_id", None)
