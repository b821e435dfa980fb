"""The replayed experiment is the published one, and the same in every run."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest

from analytics.errors import SettingError
from analytics.experiments.demo import thornton
from analytics.experiments.demo.thornton import CONTROL, PUBLISHED, TREATMENT, Person


@pytest.fixture(scope="module")
def people() -> tuple[Person, ...]:
    return thornton.people()


def test_all_people_with_an_arm_and_an_outcome_are_read(people: tuple[Person, ...]) -> None:
    assert len(people) == 2834
    assert len({person.user_id for person in people}) == 2834


def test_the_counts_are_the_published_ones(people: tuple[Person, ...]) -> None:
    counted = {v: (arm.users, arm.converted) for v, arm in thornton.arms(people).items()}

    assert counted == PUBLISHED == {CONTROL: (623, 211), TREATMENT: (2211, 1745)}


def test_the_rates_are_the_published_ones(people: tuple[Person, ...]) -> None:
    arms = thornton.arms(people)

    assert f"{arms[CONTROL].rate:.1%}" == "33.9%"
    assert f"{arms[TREATMENT].rate:.1%}" == "78.9%"


def test_only_the_incentive_costs_money(people: tuple[Person, ...]) -> None:
    arms = thornton.arms(people)

    assert arms[CONTROL].revenue == 0
    assert all(person.dollars > 0 for person in people if person.variant == TREATMENT)


def test_money_has_the_places_that_the_column_keeps(people: tuple[Person, ...]) -> None:
    assert max(person.dollars for person in people) == Decimal("2.8368")
    assert {person.dollars.as_tuple().exponent for person in people} == {-4}


def test_ids_are_the_same_in_every_run() -> None:
    person = Person(number=7, variant=CONTROL, learned=True, dollars=Decimal("0.0000"))

    assert str(person.id("exposure")) == "83c83105-df87-551b-a41e-6eda7f9a63d7"


def test_no_two_rows_share_an_id(people: tuple[Person, ...]) -> None:
    ids = [person.id(kind) for person in people for kind in ("assignment", *person.events)]

    assert len(set(ids)) == len(ids) == 7624


def test_who_did_not_learn_the_result_has_no_conversion() -> None:
    person = Person(number=7, variant=CONTROL, learned=False, dollars=Decimal(0))

    assert person.events == ("exposure",)


def test_data_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "causaldata", None)

    with pytest.raises(
        SettingError, match=r"causaldata.*pip install 'pipeline-revisions\[experiments\]'"
    ):
        thornton.people()
