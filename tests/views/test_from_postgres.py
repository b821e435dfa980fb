"""Every report of what was done in PostgreSQL, and came through Debezium and Kafka."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.arrival import await_answer
from tests.conftest import Databases
from tests.views import generator, source
from tests.views.conftest import GIVEN
from tests.views.warehouse import Warehouse

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(f"os.environ.get('{GIVEN}')", reason="no PostgreSQL is given"),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_reports_of_what_postgres_holds_are_the_oracle_s(
    histories: Databases, warehouse: Warehouse, seed: int
) -> None:
    ledger = generator.make(random.Random(seed), replace(generator.MANY, constrained=True))

    book = source.carry(histories, warehouse, ledger)

    await_answer(lambda: warehouse.differences(book), [], question="differences")
