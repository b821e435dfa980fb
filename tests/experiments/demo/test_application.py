"""The rows that the application of the replayed experiment writes."""

from __future__ import annotations

from decimal import Decimal

from analytics.experiments.demo import application
from analytics.experiments.demo.application import Commit
from analytics.experiments.demo.thornton import CONTROL, Person

CONVERTED = Person(number=1, variant=CONTROL, learned=True, dollars=Decimal("0.5"))
NOT_CONVERTED = Person(number=2, variant=CONTROL, learned=False, dollars=Decimal(0))


def test_an_assignment_and_each_event_are_captured() -> None:
    assert application.rows([CONVERTED]) == 3
    assert application.rows([NOT_CONVERTED]) == 2


def test_a_commit_has_the_rows_of_its_people() -> None:
    assert Commit(at=0.0, people=(CONVERTED, NOT_CONVERTED), timed=False).rows == 5
