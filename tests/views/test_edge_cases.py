"""The edge cases of users, assignments and events, one by one."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.views.given import START, arm, assigned, at, event, experiment
from tests.views.ledger import Event, changed, deleted
from tests.views.warehouse import backwards, in_order

pytestmark = pytest.mark.services

MICROSECOND = timedelta(microseconds=1)


def by_variant(rows):
    return {row["variant_id"]: row for row in rows}


def facts(reports, *steps):
    """The facts of the only user."""
    (row,) = reports(experiment(), *steps)("user_facts")
    return row


def test_a_variant_without_users_has_a_row(reports):
    told = reports(experiment(c=1, t=1, x=1), *arm("c", 3), *arm("t", 3))

    row = by_variant(told("experiment_performance"))["x"]

    assert (row["users"], row["status"], row["conversion_rate"]) == (0, "no_users", None)
    assert row["srm_p_value"] == pytest.approx(0.22313016014842982)  # of 3, 3, 0 users
    shares = {r["variant_id"]: r for r in told("traffic_allocation") if r["window"] == "all"}
    assert [shares[v]["observed_share"] for v in "ctx"] == [0.5, 0.5, 0]


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (experiment(t=1), "no_single_control"),
        (experiment(t=1, b=1), "no_single_control"),
        (experiment(controls="bc", t=1, b=1, c=1), "no_single_control"),
        (experiment(t=1, c=1), "control_empty"),
    ],
)
def test_without_a_single_control_with_users_nothing_is_compared(reports, known, status):
    rows = reports(known, *arm("t", 2, converted=1))("experiment_performance")

    row = by_variant(rows)["t"]
    assert (row["status"], row["p_value"], row["absolute_difference"]) == (status, None, None)


def test_no_conversions_in_either_arm_cannot_be_tested(reports):
    rows = reports(experiment(), *arm("c", 9), *arm("t", 9))("experiment_performance")

    row = by_variant(rows)["t"]
    assert (row["conversion_rate"], row["p_value"], row["status"]) == (0, None, "not_testable")
    assert row["revenue_per_conversion"] is None
    assert row["absolute_difference"] == 0


def test_no_conversions_in_one_arm_have_a_p(reports):
    arms = [*arm("c", 100, converted=5), *arm("t", 100)]

    told = reports(experiment(), *arms, order=in_order)

    row = by_variant(told("experiment_performance"))["t"]
    assert row["z_score"] == pytest.approx(-2.2645540682891916, rel=1e-12)
    assert row["p_value"] == pytest.approx(0.023540058261177936, rel=1e-12)
    assert (row["status"], row["conversion_rate_low"] >= 0) == ("low_counts", True)


def test_the_status_is_the_first_that_applies(reports):
    variants = {"u": 40, "d": 5, "i": 25}
    arms = [step for v, n in variants.items() for step in arm(v, 100, converted=n)]
    known = experiment(c=1, u=1, d=1, i=1, l=1, z=1)

    told = reports(
        known, *arm("c", 100, converted=20), *arms, *arm("l", 5, converted=5), order=in_order
    )

    assert {v: r["status"] for v, r in by_variant(told("experiment_performance")).items()} == {
        "c": "control",
        "u": "significant_up",
        "d": "significant_down",
        "i": "inconclusive",
        "l": "low_counts",
        "z": "no_users",
    }


def test_five_expected_are_enough(reports):
    arms = [*arm("c", 30, converted=4), *arm("t", 30, converted=6)]

    told = reports(experiment(), *arms, order=in_order)

    row = by_variant(told("experiment_performance"))["t"]
    assert row["status"] == "inconclusive"  # 30 users at a pooled rate of 1/6


def test_equal_revenues_have_no_variance(reports):
    sales = [event(f"{v}{n}", "conversion", value=0.1) for v in "ct" for n in range(3)]

    told = reports(experiment(), *arm("c", 3), *arm("t", 3), *sales)

    row = by_variant(told("experiment_performance"))["t"]
    assert (row["revenue_p_value"], row["revenue_per_user_difference"]) == (None, 0)


def test_an_event_counts_from_the_moment_of_assignment(reports):
    row = facts(
        reports,
        assigned("u", "t"),
        event("u", "conversion", START - MICROSECOND, value=1),
        event("u", "conversion", START, value=2),
    )

    assert (row["conversions"], row["events_before_assignment"]) == (1, 1)
    assert (row["first_conversion_at"], row["revenue"]) == (START, Decimal(2))


@pytest.mark.parametrize("order", [in_order, backwards])
def test_an_assignment_may_arrive_after_its_events(reports, order):
    steps = [assigned("u", "t"), event("u", "exposure"), event("u", "conversion", at(minutes=1))]

    told = reports(experiment(), *steps, order=order)

    assert by_variant(told("experiment_performance"))["t"]["converting_users"] == 1
    assert told("user_journey_analysis")[0]["funnel_step"] == 3


def test_a_user_who_was_never_assigned_is_in_no_rate(reports):
    told = reports(experiment(), *arm("t", 2), event("stranger", "conversion"))

    row = by_variant(told("experiment_performance"))["t"]
    assert (row["users"], row["conversion_rate"]) == (2, 0)
    assert [told(name) for name in ("revenue_daily", "behavior_heatmap")] == [[], []]


def test_the_same_variant_twice_is_one_user_from_the_earliest_time(reports):
    row = facts(reports, assigned("u", "t", at(days=1)), assigned("u", "t"))

    assert (row["n_variants"], row["assigned_at"]) == (1, START)


def test_a_user_of_two_variants_is_left_out_and_counted_at_the_first(reports):
    told = reports(
        experiment(),
        assigned("u", "t"),
        assigned("u", "c", at(days=1)),
        event("u", "conversion", at(days=2)),
    )

    rows = by_variant(told("experiment_performance"))
    assert [rows[v]["multi_variant_users"] for v in "ct"] == [0, 1]
    assert [rows[v]["users"] for v in "ct"] == [0, 0]
    assert [told(name) for name in ("user_sessions", "cohort_analysis")] == [[], []]


def test_of_assignments_at_one_time_the_lower_id_is_the_first(reports):
    first, second = assigned("u", "t"), assigned("u", "c")

    row = facts(reports, second, first)

    assert (row["variant_id"], row["n_variants"]) == ("t", 2)


def test_a_reassigned_user_has_the_new_variant_only(reports):
    assignment = assigned("u", "c")

    row = facts(reports, assignment, changed(assignment, variant_id="t"))

    assert (row["variant_id"], row["n_variants"]) == ("t", 1)


def test_a_user_whose_assignment_was_deleted_is_gone(reports):
    assignment = assigned("u", "t")

    told = reports(experiment(), assignment, deleted(assignment), event("u", "exposure"))

    assert told("user_facts") == []


def test_the_newest_version_of_an_event_counts(reports):
    sale = event("u", "conversion", at(days=1), value=5)
    later = changed(sale, timestamp=at(days=40))  # in another partition
    better = changed(later.after, properties='{"value": "7.25"}')

    row = facts(reports, assigned("u", "t"), sale, later, better)

    assert (row["events"], row["revenue"]) == (1, Decimal("7.25"))
    assert row["first_conversion_at"] == at(days=40)


def test_a_deleted_event_is_gone_even_when_its_delete_comes_first(reports):
    sale = event("u", "conversion", value=5)

    row = facts(reports, assigned("u", "t"), sale, deleted(sale))

    assert (row["events"], row["converted"], row["revenue"]) == (0, 0, Decimal(0))


@pytest.mark.parametrize("place", [{"user_id": "v"}, {"experiment_id": "f"}])
def test_an_event_that_moves_is_gone_from_its_old_place(reports, place):
    users = [assigned("u", "t"), assigned("v", "t"), assigned("u", "t", experiment="f")]
    sale = event("u", "conversion", value=5)

    told = reports(experiment(), experiment("f"), *users, sale, changed(sale, **place))

    where = {(r["experiment_id"], r["user_id"]): r["conversions"] for r in told("user_facts")}
    new = (place.get("experiment_id", "e"), place.get("user_id", "u"))
    assert {key for key, conversions in where.items() if conversions} == {new}


@pytest.mark.parametrize(
    ("properties", "revenue"),
    [
        ("{}", "0"),
        ('{"value": null}', "0"),
        ('{"value": "5.5"}', "5.5"),
        ('{"value": true}', "0"),
        ('{"value": 1e400}', "0"),
        ('{"value": -20}', "-20"),
        ('{"value": 1.99999}', "1.9999"),
        ('{"value": 0.57}', "0.57"),
    ],
)
def test_a_value_is_money_or_nothing(reports, properties, revenue):
    sale = Event("s", "e", "u", "t", "conversion", START, properties)

    row = facts(reports, assigned("u", "t"), sale)

    assert (row["conversions"], row["revenue"]) == (1, Decimal(revenue))
