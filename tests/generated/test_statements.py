"""Statements in generated spellings: we name what a server loses by them, and little else.

The number in a failure is its seed: `SEED=<number> pytest tests/generated/test_statements.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.generated import on_clickhouse, on_postgres
from tests.generated.conftest import seeds
from tests.generated.statement import Judged
from tests.local.embedded.serving import Serving
from tests.safety.releases import record

pytestmark = pytest.mark.slow
MANY = 5
"""Statements for each generated rebuild."""


def numbers() -> list[int]:
    """The seeds of this run's statements."""
    many = 1 if "SEED" in os.environ else MANY
    return [seed * many + n for seed in seeds() for n in range(many)]


def noted(store: str, judged: Iterator[Judged]) -> list[Judged]:
    """All of a run, written down."""
    every = list(judged)
    for each in every:
        record(test="statement", store=store, end=each.end)
    return every


def faults(every: list[Judged]) -> list[str]:
    """The losses in silence, and the alarms about what is known as harmless."""
    return [str(each) for each in every if each.is_fault]


def test_clickhouse_loses_by_them_what_we_name(serving: Serving) -> None:
    every = noted("clickhouse", on_clickhouse.judged(numbers(), serving.port))

    assert faults(every) == []
    assert 2 * Counter(each.end for each in every)["refused by the server"] <= len(every)


@pytest.mark.services
def test_postgres_loses_by_them_what_we_name(databases: Databases) -> None:
    every = noted("postgres", on_postgres.judged(numbers(), databases.postgres_url))

    assert faults(every) == []
    assert 2 * Counter(each.end for each in every)["refused by the server"] <= len(every)
