"""user_journey_analysis and journey_funnel: D16, with the sessions of each user."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from tests.views.ledger import Ledger
from tests.views.oracle.sessions import sessions_of
from tests.views.oracle.users import Row, User, single_variant


def user_journey_analysis(ledger: Ledger) -> list[Row]:
    """One row a user with one variant."""
    return [_steps(user) | _engagement(user) for user in single_variant(ledger)]


def journey_funnel(ledger: Ledger) -> list[Row]:
    """One row a variant with users."""
    journeys = defaultdict(list)
    for row in user_journey_analysis(ledger):
        journeys[row["experiment_id"], row["variant_id"]].append(row)
    return [_funnel(*key, rows) for key, rows in journeys.items()]


def _steps(user: User) -> Row:
    exposed_at = user.exposures[0].timestamp if user.exposures else None
    converted_at = _converted_at(user, exposed_at)
    return {
        "experiment_id": user.experiment_id,
        "user_id": user.user_id,
        "variant_id": user.variant_id,
        "assigned_at": user.assigned_at,
        "first_exposure_at": exposed_at,
        "first_conversion_after_exposure_at": converted_at,
        "funnel_step": 1 + (exposed_at is not None) + (converted_at is not None),
        "converted_any": int(bool(user.conversions)),
        "converted_without_exposure": int(bool(user.conversions) and converted_at is None),
        "seconds_to_exposure": _seconds(user.assigned_at, exposed_at),
        "seconds_exposure_to_conversion": _seconds(exposed_at, converted_at),
    }


def _engagement(user: User) -> Row:
    sessions = sessions_of(user)
    engaged = sum(session.engaged for session in sessions)
    total = sum((session.duration for session in sessions), timedelta())
    return {
        "sessions": len(sessions),
        "engaged_sessions": engaged,
        "total_session_s": total.total_seconds(),
        "avg_session_s": total.total_seconds() / len(sessions) if sessions else None,
        "engagement_rate": engaged / len(sessions) if sessions else None,
    }


def _funnel(experiment_id: str, variant_id: str, rows: list[Row]) -> Row:
    steps = [row["funnel_step"] for row in rows]
    exposed, converted = (sum(step >= n for step in steps) for n in (2, 3))
    times = [row["seconds_exposure_to_conversion"] for row in rows]
    times = sorted(time for time in times if time is not None)
    return {
        "experiment_id": experiment_id,
        "variant_id": variant_id,
        "assigned": len(rows),
        "exposed": exposed,
        "converted": converted,
        "exposure_rate": exposed / len(rows),
        "conversion_rate_from_assignment": converted / len(rows),
        "conversion_rate_from_exposure": converted / exposed if exposed else None,
        "converted_without_exposure": sum(row["converted_without_exposure"] for row in rows),
        # of two in the middle, the later one
        "median_seconds_to_convert": times[len(times) // 2] if times else None,
    }


def _converted_at(user: User, exposed_at: datetime | None) -> datetime | None:
    if exposed_at is None:
        return None
    return next((e.timestamp for e in user.conversions if e.timestamp >= exposed_at), None)


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None
