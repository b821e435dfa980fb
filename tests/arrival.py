"""Waiting until ClickHouse shows what was written elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.conftest import Databases

PATIENCE = 60  # seconds


def await_rows(databases: Databases, query: str, expected: list[list[str]]) -> None:
    """The query answers as expected before patience ends."""
    await_answer(lambda: databases.clickhouse(query), expected, question=query)


def await_answer(ask: Callable[[], object], expected: object, *, question: str) -> None:
    """What is asked again and again is answered as expected before patience ends."""
    deadline = time.monotonic() + PATIENCE
    while (answer := ask()) != expected:
        assert time.monotonic() < deadline, f"{question}: {answer} instead of {expected}"
        time.sleep(0.1)
