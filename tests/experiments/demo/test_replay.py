"""The portions in which the replayed people are written."""

from __future__ import annotations

from decimal import Decimal

from analytics.experiments.demo import replay
from analytics.experiments.demo.thornton import CONTROL, Person

PERSON = Person(number=2, variant=CONTROL, learned=False, dollars=Decimal(0))


def test_the_first_people_are_few() -> None:
    people = [PERSON] * 1000

    assert 0 < len(replay.first(people)) < replay.SINGLY
