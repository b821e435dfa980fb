"""The simulated shop: the same in every run, and with all that makes counting hard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analytics.experiments.demo import arrival, ledger, shop
from analytics.experiments.demo.shop import ALLOCATIONS, ASSIGNED, CONTROL, PASSERS_BY, Shop
from analytics.experiments.demo.visits import DAYS

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def happened() -> Shop:
    return shop.simulate(NOW)


def test_the_same_happens_in_every_run(happened: Shop) -> None:
    assert shop.simulate(NOW) == happened


def test_at_another_time_the_same_happens_later(happened: Shop) -> None:
    later = shop.simulate(NOW + timedelta(days=3))

    assert [event.id for event in later.events] == [event.id for event in happened.events]
    assert {b.at - a.at for a, b in zip(happened.events, later.events, strict=True)} == {
        timedelta(days=3)
    }
    assert ledger.arms(later) == ledger.arms(happened)


def test_it_is_as_large_as_the_documentation_says(happened: Shop) -> None:
    assert (len(happened.visitors), len(happened.events)) == (612, 6109)
    assert len(happened.visitors) == ASSIGNED + PASSERS_BY


def test_no_two_rows_share_an_id(happened: Shop) -> None:
    ids = [visitor.assignment_id for visitor in happened.visitors]
    ids += [event.id for event in happened.events]

    assert len(set(ids)) == len(ids)


def test_everything_happened_before_now(happened: Shop) -> None:
    assert all(event.at < NOW for event in happened.events)


def test_each_window_of_the_traffic_has_new_users(happened: Shop) -> None:
    first = [NOW - v.assigned_at for v in happened.visitors if v.assigned_at]
    windows = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=DAYS))
    users = [sum(1 for ago in first if ago <= window) for window in windows]

    assert 0 < users[0] < users[1] < users[2] < users[3] == ASSIGNED


@pytest.mark.parametrize("fate", ["late", "corrected", "deleted", "resent"])
def test_each_variant_has_conversions_of_every_fate(happened: Shop, fate: str) -> None:
    conversions = [event for event in happened.of(fate) if event.value is not None]

    assert {event.visitor.variant for event in conversions} == set(ALLOCATIONS)


def test_some_are_assigned_late_and_some_never(happened: Shop) -> None:
    active = {event.visitor for event in happened.events}

    assert any(visitor.late and visitor.assigned_at for visitor in active)
    assert sum(1 for visitor in active if not visitor.assigned_at) == PASSERS_BY


def test_some_look_around_before_they_are_assigned(happened: Shop) -> None:
    assigned = [(event.at, event.visitor.assigned_at) for event in happened.events]

    assert any(at < since for at, since in assigned if since)


def test_some_get_their_money_back(happened: Shop) -> None:
    assert any(event.value and event.value < 0 for event in happened.events)


def test_the_control_is_one_of_the_variants_and_all_are_chosen(happened: Shop) -> None:
    assert CONTROL in ALLOCATIONS
    assert {visitor.variant for visitor in happened.visitors} == set(ALLOCATIONS)


def test_money_in_properties_is_a_number(happened: Shop) -> None:
    sale = next(event for event in happened.events if event.kind == "conversion")
    view = next(event for event in happened.events if event.kind == "page_view")

    assert sale.properties["value"] == float(sale.value or 0)
    assert set(view.properties) == {"page", "device"}


def test_a_mistake_is_the_same_event_with_other_money(happened: Shop) -> None:
    right = next(event for event in happened.of("corrected") if event.value)
    wrong = shop.mistaken(right)

    assert wrong.id == right.id
    assert wrong.value == (right.value or 0) * 100


def test_all_assignments_events_and_amendments_must_arrive(happened: Shop) -> None:
    amended = sum(1 for event in happened.events if event.fate not in ("plain", "late"))

    assert arrival.expected(happened) == (ASSIGNED, len(happened.events), amended)
