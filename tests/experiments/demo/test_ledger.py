"""The shop's ledger: the assigned visitors, and their purchases from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from analytics.experiments.demo import ledger
from analytics.experiments.demo.shop import CONTROL, Event, Shop, Visitor
from analytics.experiments.demo.thornton import NOBODY, Arm

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VISITOR = Visitor(1, CONTROL, "mobile", "DE", assigned_at=NOON, late=False)
SALE = Event(UUID(int=1), VISITOR, "conversion", NOON, "shop-0001/0", "/thanks", Decimal("9.99"))


def control(*events: Event) -> Arm:
    visitors = tuple({event.visitor: None for event in events})
    return ledger.arms(Shop(visitors, events))[CONTROL]


def test_a_sale_at_the_assignment_counts() -> None:
    assert control(SALE) == Arm(1, 1, Decimal("9.99"))


def test_two_sales_are_one_converting_user() -> None:
    assert control(SALE, replace(SALE, id=UUID(int=2))) == Arm(1, 1, Decimal("19.98"))


def test_a_refund_lowers_the_revenue() -> None:
    refund = replace(SALE, id=UUID(int=2), value=Decimal("-9.99"))

    assert control(SALE, refund) == Arm(1, 1, Decimal(0))


@pytest.mark.parametrize(
    "event",
    [
        replace(SALE, fate="deleted"),
        replace(SALE, at=NOON - timedelta(microseconds=1)),
        replace(SALE, kind="add_to_cart"),
    ],
    ids=["deleted", "before the assignment", "another kind"],
)
def test_what_is_no_sale_leaves_the_user(event: Event) -> None:
    assert control(event) == Arm(1, 0, Decimal(0))


def test_who_was_never_assigned_is_in_no_arm() -> None:
    assert control(replace(SALE, visitor=replace(VISITOR, assigned_at=None))) == NOBODY


@pytest.mark.parametrize("fate", ["late", "corrected", "resent"])
def test_every_other_fate_counts(fate: str) -> None:
    assert control(replace(SALE, fate=fate)) == Arm(1, 1, Decimal("9.99"))
