"""The reports computed from a ledger in plain Python, to hold those of ClickHouse against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.views.ledger import Ledger
from tests.views.oracle.attribution import conversion_attribution
from tests.views.oracle.calendar import behavior_heatmap, cohort_analysis, revenue_daily
from tests.views.oracle.journey import journey_funnel, user_journey_analysis
from tests.views.oracle.performance import experiment_performance
from tests.views.oracle.sessions import user_sessions
from tests.views.oracle.traffic import traffic_allocation
from tests.views.oracle.users import Row, user_facts


@dataclass(frozen=True)
class Report:
    """A report: how its rows come from a ledger, and the columns that tell them apart."""

    rows: Callable[[Ledger], list[Row]]
    key: tuple[str, ...]


VARIANT = ("experiment_id", "variant_id")
USER = ("experiment_id", "user_id")

REPORTS = {
    "user_facts": Report(user_facts, USER),
    "experiment_performance": Report(experiment_performance, VARIANT),
    "traffic_allocation": Report(traffic_allocation, (*VARIANT, "window")),
    "user_sessions": Report(user_sessions, (*USER, "session_no")),
    "user_journey_analysis": Report(user_journey_analysis, USER),
    "journey_funnel": Report(journey_funnel, VARIANT),
    "conversion_attribution": Report(conversion_attribution, ("conversion_id", "position")),
    "cohort_analysis": Report(cohort_analysis, (*VARIANT, "cohort_day", "day_n")),
    "behavior_heatmap": Report(behavior_heatmap, (*VARIANT, "page", "dow", "hour")),
    "revenue_daily": Report(revenue_daily, (*VARIANT, "day")),
}
