"""The comparison finds all that is missing, doubled or different, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analytics.experiments.demo import verdict
from analytics.experiments.demo.thornton import CONTROL, PUBLISHED, TREATMENT, Arm, Person

PEOPLE = (
    Person(number=1, variant=CONTROL, learned=True, dollars=Decimal("0.0000")),
    Person(number=2, variant=TREATMENT, learned=True, dollars=Decimal("1.8912")),
    Person(number=3, variant=TREATMENT, learned=False, dollars=Decimal("0.0946")),
)
SENT = verdict.sent_events(PEOPLE)
ARMS = {CONTROL: Arm(1, 1, Decimal("0")), TREATMENT: Arm(2, 1, Decimal("1.8912"))}


def findings(stored: list[verdict.Row]) -> list[str]:
    return list(verdict.compare_rows("events_processed", SENT, stored))


def test_every_person_is_exposed_and_who_learned_the_result_converts() -> None:
    kinds = [(user, kind, value) for _, user, _, kind, value in SENT]

    assert kinds == [
        ("thornton-0001", "exposure", None),
        ("thornton-0001", "conversion", Decimal("0.0000")),
        ("thornton-0002", "exposure", None),
        ("thornton-0002", "conversion", Decimal("1.8912")),
        ("thornton-0003", "exposure", None),
    ]


def test_every_person_is_assigned_once() -> None:
    assigned = [(user, variant) for _, user, variant in verdict.sent_assignments(PEOPLE)]

    assert assigned == [(person.user_id, person.variant) for person in PEOPLE]


def test_the_same_rows_in_any_order_are_no_finding() -> None:
    assert findings(SENT[::-1]) == []


def test_trailing_zeros_make_no_difference() -> None:
    shorter = [(*row[:-1], None if row[-1] is None else row[-1].normalize()) for row in SENT]

    assert findings(shorter) == []


def test_a_missing_row_is_named() -> None:
    (finding,) = findings(SENT[1:])

    assert finding.startswith("events_processed: 1 of 5 rows missing, the first: ")
    assert "thornton-0001, none, exposure" in finding


def test_a_doubled_row_is_named() -> None:
    (finding,) = findings([*SENT, SENT[3]])

    assert "1 of 5 rows there more than once" in finding
    assert "thornton-0002" in finding


def test_a_row_that_nobody_sent_is_named() -> None:
    (finding,) = findings([*SENT, ("an id", "somebody", CONTROL, "exposure", None)])

    assert "1 of 5 rows unexpected, the first: an id, somebody" in finding


@pytest.mark.parametrize(
    "changed",
    [
        ("thornton-0009", TREATMENT, "conversion", Decimal("1.8912")),
        ("thornton-0002", CONTROL, "conversion", Decimal("1.8912")),
        ("thornton-0002", TREATMENT, "exposure", Decimal("1.8912")),
        ("thornton-0002", TREATMENT, "conversion", Decimal("1.8911")),
        ("thornton-0002", TREATMENT, "conversion", None),
    ],
)
def test_a_row_that_differs_in_one_column_is_named(changed: verdict.Row) -> None:
    (finding,) = findings([*SENT[:3], (SENT[3][0], *changed), SENT[4]])

    assert "1 of 5 rows different" in finding


def test_each_kind_of_finding_is_a_line_of_its_own() -> None:
    lines = findings([SENT[0], SENT[0], ("an id", "somebody", CONTROL, "exposure", None)])

    assert [line.split(", the first")[0] for line in lines] == [
        "events_processed: 4 of 5 rows missing",
        "events_processed: 1 of 5 rows unexpected",
        "events_processed: 1 of 5 rows there more than once",
    ]


def test_equal_arms_are_no_finding() -> None:
    assert list(verdict.compare_arms(ARMS, dict(ARMS))) == []


def test_a_missing_user_a_missing_conversion_and_other_money_are_three_findings() -> None:
    computed = ARMS | {TREATMENT: Arm(1, 0, Decimal("1.8911"))}

    assert list(verdict.compare_arms(ARMS, computed)) == [
        "experiment_hourly_stats: users of variant incentive is 1, the data say 2",
        "experiment_hourly_stats: converting users of variant incentive is 0, the data say 1",
        "events_processed: sum of value of variant incentive is 1.8911, the data say 1.8912",
    ]


def test_an_arm_that_nobody_sent_is_a_finding() -> None:
    computed = ARMS | {"other": Arm(1, 0, Decimal(0))}

    assert list(verdict.compare_arms(ARMS, computed)) == [
        "experiment_hourly_stats: users of variant other is 1, the data say 0"
    ]


def test_numbers_of_a_report_are_named_as_such() -> None:
    computed = ARMS | {CONTROL: Arm(1, 0, Decimal(0))}

    assert list(verdict.compare_arms(ARMS, computed, verdict.PERFORMANCE)) == [
        "experiment_performance: converting users of variant none is 0, the data say 1"
    ]


def test_the_published_counts_are_no_finding() -> None:
    computed = {v: Arm(users, converted, Decimal(0)) for v, (users, converted) in PUBLISHED.items()}

    assert list(verdict.compare_published(PUBLISHED, computed)) == []


def test_other_counts_than_the_published_ones_are_a_finding() -> None:
    computed = {TREATMENT: Arm(2211, 1745, Decimal(0))}

    assert list(verdict.compare_published(PUBLISHED, computed)) == [
        "variant none: 0 of 0 converted, published are 211 of 623"
    ]
