"""Sessions, funnels, attribution and cohorts, by published examples and at their borders."""

from datetime import date, timedelta

import pytest

from tests.views.given import START, arm, assigned, at, event, experiment

pytestmark = pytest.mark.services


def test_half_an_hour_stays_in_the_session(reports):
    times = [START, at(minutes=30), at(minutes=60, seconds=1)]

    told = reports(experiment(), assigned("u", "t"), *(event("u", "click", t) for t in times))

    sessions = sorted(told("user_sessions"), key=lambda row: row["session_no"])
    assert [(row["duration_s"], row["events"]) for row in sessions] == [(1800, 2), (0, 1)]


@pytest.mark.parametrize(
    ("kinds", "apart", "engaged"),
    [
        (["click", "click"], timedelta(seconds=10), 0),
        (["click", "click"], timedelta(seconds=10, microseconds=1), 1),
        (["click", "click"], timedelta(seconds=10, milliseconds=1), 1),
        (["conversion"], timedelta(), 1),
        (["page_view", "page_view"], timedelta(seconds=1), 1),
    ],
)
def test_a_session_is_engaged_when_it_is_long_or_converts_or_has_two_pages(
    reports, kinds, apart, engaged
):
    events = [event("u", kind, START + at * apart) for at, kind in enumerate(kinds)]

    told = reports(experiment(), assigned("u", "t"), *events)

    assert [row["engaged"] for row in told("user_sessions")] == [engaged]


def test_a_user_without_events_has_no_engagement_rate(reports):
    (row,) = reports(experiment(), assigned("u", "t"))("user_journey_analysis")

    assert (row["sessions"], row["engagement_rate"], row["funnel_step"]) == (0, None, 1)


def test_funnel_rates_are_over_assigned_users(reports):
    steps = [
        *arm("c", 1000, exposed=200, converted=100),
        *arm("t", 1000, exposed=400, converted=140),
    ]

    told = reports(experiment(), *steps, order=lambda texts: [list(enumerate(texts))])

    rates = {
        row["variant_id"]: (
            row["exposure_rate"],
            row["conversion_rate_from_assignment"],
            row["conversion_rate_from_exposure"],
        )
        for row in told("journey_funnel")
    }
    assert rates == {"c": (0.2, 0.1, 0.5), "t": (0.4, 0.14, 0.35)}


def test_a_conversion_before_the_exposure_is_no_step(reports):
    told = reports(
        experiment(),
        assigned("u", "t"),
        event("u", "conversion", at(minutes=1)),
        event("u", "exposure", at(minutes=2)),
    )

    (row,) = told("user_journey_analysis")
    assert (row["funnel_step"], row["converted_any"]) == (2, 1)
    assert row["converted_without_exposure"] == 1


def test_touches_share_the_credit_of_a_conversion(reports):
    touches = [event("u", "exposure", at(days=14 - age)) for age in (14, 7, 0)]

    told = reports(
        experiment(), assigned("u", "t"), *touches, event("u", "conversion", at(days=14), value=9)
    )

    rows = sorted(told("conversion_attribution"), key=lambda row: row["position"])
    credit = {name: [row[name] for row in rows] for name in rows[0]}
    assert credit["first_touch"] == [1, 0, 0]
    assert credit["last_touch"] == [0, 0, 1]
    assert credit["linear"] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert credit["position_based"] == pytest.approx([0.4, 0.2, 0.4])
    assert credit["time_decay"] == pytest.approx([1 / 7, 2 / 7, 4 / 7], abs=1e-12)


@pytest.mark.parametrize(
    ("touches", "credit"),
    [(1, [1]), (2, [0.5, 0.5]), (5, [0.4, 0.2 / 3, 0.2 / 3, 0.2 / 3, 0.4])],
)
def test_first_and_last_touch_get_most_by_position(reports, touches, credit):
    exposures = [event("u", "exposure", at(hours=n)) for n in range(touches)]

    told = reports(
        experiment(), assigned("u", "t"), *exposures, event("u", "conversion", at(days=1))
    )

    rows = sorted(told("conversion_attribution"), key=lambda row: row["position"])
    assert [row["position_based"] for row in rows] == pytest.approx(credit)


def test_touches_of_the_last_30_days_count_in_any_experiment(reports):
    told = reports(
        experiment("e"),
        experiment("f"),
        assigned("u", "t"),
        assigned("u", "c", experiment="f"),
        event("u", "exposure", START),  # at exactly 30 days, no more
        event("u", "exposure", at(microseconds=1), experiment="f"),
        event("u", "exposure", at(days=30)),
        event("u", "conversion", at(days=30)),
    )

    rows = sorted(told("conversion_attribution"), key=lambda row: row["position"])
    assert [(row["experiment_id"], row["variant_id"]) for row in rows] == [("f", "c"), ("e", "t")]
    assert rows[0]["touched_at"] == at(microseconds=1)


def test_retention_counts_the_cohort_s_users_on_exactly_that_day(reports):
    first = START.replace(year=2020, month=1, day=1, hour=8)
    seen = [(day, user) for day, users in enumerate((5, 10, 15)) for user in range(users)]
    joined = [assigned(f"u{user}", "t", first + timedelta(days=user // 5)) for user in range(15)]
    events = [event(f"u{u}", "click", first + timedelta(days=day, hours=1)) for day, u in seen]

    told = reports(experiment(), *joined, *events)

    rows = [row for row in told("cohort_analysis") if row["cohort_day"] == date(2020, 1, 1)]
    active = [row["active_users"] for row in sorted(rows, key=lambda row: row["day_n"])]
    assert active == [5, 5, 5, *[0] * 28]


def test_users_accumulate_on_the_day_of_their_first_exposure(reports):
    days = {"c": [2, 2, 3, 3], "t": [2, 2, 2, 3, 3]}
    january = START.replace(day=1)
    exposures = [
        event(f"{v}{n}", "exposure", january.replace(day=day + again))
        for v, when in days.items()
        for n, day in enumerate(when)
        for again in (0, 2)
    ]
    users = [assigned(f"{v}{n}", v, january) for v, when in days.items() for n in range(len(when))]

    rows = reports(experiment(), *users, *exposures)("user_facts")

    reached = {
        v: [
            sum(r["variant_id"] == v and r["first_exposure_at"].day <= d for r in rows)
            for d in range(1, 8)
        ]
        for v in days
    }
    assert reached == {"c": [0, 2, 4, 4, 4, 4, 4], "t": [0, 3, 5, 5, 5, 5, 5]}


def test_the_heat_map_has_every_hour_of_the_week(reports):
    visits = [event("u", "page_view", at(minutes=30), page="/"), event("u", "click", at(hours=1))]

    told = reports(experiment(), assigned("u", "t"), *visits)

    cells = {
        (row["page"], row["dow"], row["hour"]): row["events"] for row in told("behavior_heatmap")
    }
    assert len(cells) == 2 * 168
    assert {cell for cell, events in cells.items() if events} == {("/", 6, 0), ("(none)", 6, 0)}
