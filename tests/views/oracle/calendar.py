"""The reports by the calendar: cohort_analysis, behavior_heatmap and revenue_daily, D20-D22."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import product

from tests.views.ledger import Event, Ledger
from tests.views.oracle.properties import page_of
from tests.views.oracle.users import Row, User, revenue_of, single_variant

DAYS = 31


def cohort_analysis(ledger: Ledger) -> list[Row]:
    """One row a cohort and day after its assignment."""
    cohorts = defaultdict(list)
    for user in single_variant(ledger):
        cohorts[user.experiment_id, user.variant_id, user.assigned_at.date()].append(user)
    return [_cohort(*key, day, users) for key, users in cohorts.items() for day in range(DAYS)]


def behavior_heatmap(ledger: Ledger) -> list[Row]:
    """All hours of a week for each page with valid events."""
    pages: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for user in single_variant(ledger):
        for event in user.events:
            page = page_of(event)
            key = (user.experiment_id, user.variant_id, "(none)" if page is None else page)
            pages[key].append(event)
    return [
        _cell(key, (dow, hour), events)
        for key, events in pages.items()
        for dow, hour in product(range(1, 8), range(24))
    ]


def revenue_daily(ledger: Ledger) -> list[Row]:
    """One row a variant and day with valid events."""
    days: dict[tuple[str, str], dict[date, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for user in single_variant(ledger):
        for event in user.events:
            days[user.experiment_id, user.variant_id][event.timestamp.date()].append(event)
    return [row for key, events in days.items() for row in _revenue(*key, events)]


def _cohort(
    experiment_id: str, variant_id: str, cohort_day: date, n: int, users: list[User]
) -> Row:
    active = sum(any(_age(user, event) == n for event in user.events) for user in users)
    converters = sum(any(_age(user, event) <= n for event in user.conversions) for user in users)
    return {
        "experiment_id": experiment_id,
        "variant_id": variant_id,
        "cohort_day": cohort_day,
        "day_n": n,
        "cohort_size": len(users),
        "active_users": active,
        "cumulative_converters": converters,
        "retention": active / len(users),
        "cumulative_conversion_rate": converters / len(users),
    }


def _age(user: User, event: Event) -> int:
    return (event.timestamp.date() - user.assigned_at.date()).days


def _cell(key: tuple[str, str, str], at: tuple[int, int], events: list[Event]) -> Row:
    inside = [e for e in events if (e.timestamp.isoweekday(), e.timestamp.hour) == at]
    return {
        "experiment_id": key[0],
        "variant_id": key[1],
        "page": key[2],
        "dow": at[0],
        "hour": at[1],
        "events": len(inside),
        "users": len({event.user_id for event in inside}),
    }


def _revenue(experiment_id: str, variant_id: str, days: dict[date, list[Event]]) -> list[Row]:
    rows: list[Row] = []
    cumulative = Decimal(0)
    for day, events in sorted(days.items()):
        conversions = [event for event in events if event.event_type == "conversion"]
        revenue = revenue_of(conversions)
        cumulative += revenue
        rows.append(
            {
                "experiment_id": experiment_id,
                "variant_id": variant_id,
                "day": day,
                "conversions": len(conversions),
                "converting_users": len({event.user_id for event in conversions}),
                "revenue": revenue,
                "cumulative_revenue": cumulative,
            }
        )
    return rows
