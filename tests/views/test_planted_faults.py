"""The oracle's comparison can fail: each fault that is planted in a view makes reports differ."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analytics import definitions
from analytics.settings import Settings
from tests.conftest import ROOT
from tests.views import generator
from tests.views.conftest import migrated, migrated_warehouse
from tests.views.faults import INGESTING, REPORTING, Fault
from tests.views.ledger import Ledger
from tests.views.warehouse import Warehouse, at_random

OBJECTS = ROOT / "migrations_ch/objects"
SEEDS = (1, 2)


def by_name(fault: Fault) -> str:
    return fault.name


@pytest.mark.parametrize("fault", REPORTING + INGESTING, ids=by_name)
def test_what_a_fault_replaces_stands_once_in_its_definition(fault: Fault) -> None:
    assert definitions.newest(OBJECTS, fault.view).count(fault.right) == 1


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("fault", REPORTING, ids=by_name)
def test_a_fault_in_a_report_makes_a_difference(
    faulty: Warehouse, books: list[Ledger], fault: Fault
) -> None:
    with _planted(fault, faulty):
        assert any(faulty.differences(book) for book in books)


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("fault", INGESTING, ids=by_name)
def test_a_fault_at_ingest_makes_a_difference(faulty: Warehouse, fault: Fault) -> None:
    with _planted(fault, faulty):
        book = _load(faulty, SEEDS[0])

    assert faulty.differences(book)


@pytest.mark.slow
@pytest.mark.services
def test_without_a_fault_there_is_no_difference(faulty: Warehouse, books: list[Ledger]) -> None:
    assert faulty.differences(*books) == []


@pytest.fixture(scope="module")
def faulty(stack: Settings) -> Iterator[Warehouse]:
    """Databases of its own, whose views may be wrong for a while."""
    with migrated(stack) as pair:
        yield migrated_warehouse(pair)


@pytest.fixture(scope="module")
def books(faulty: Warehouse) -> list[Ledger]:
    """What was there before any fault."""
    return [_load(faulty, seed) for seed in SEEDS]


def _load(warehouse: Warehouse, seed: int) -> Ledger:
    rng = random.Random(seed)
    return warehouse.load(generator.make(rng, generator.MANY), at_random(rng))


@contextmanager
def _planted(fault: Fault, warehouse: Warehouse) -> Iterator[None]:
    right = definitions.newest(OBJECTS, fault.view)
    wrong = right.replace(fault.right, fault.wrong)
    assert wrong != right
    _put(warehouse, fault.view, wrong)
    try:
        yield
    finally:
        _put(warehouse, fault.view, right)


def _put(warehouse: Warehouse, view: str, definition: str) -> None:
    warehouse.query(f"DROP VIEW {view}")
    warehouse.query(definition)
