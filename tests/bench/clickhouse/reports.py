"""The cost of reports on each side, and the check that the sides agree."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from statistics import median

from tests.bench.clickhouse.server import Server

RUNS = 5
REPORTS = {
    "experiment_performance": "experiment_performance",
    "experiment_summary": None,
    "user_journey_analysis": "user_journey_analysis",
    "user_sessions": "user_sessions",
    "journey_funnel": "journey_funnel",
    "conversion_attribution": "conversion_attribution",
    "cohort_analysis": "cohort_analysis",
    "behavior_heatmap": "behavior_heatmap",
    "revenue_daily": "revenue_daily",
    "traffic_allocation": "traffic_allocation",
    "user_facts": "user_facts",
}
"""Our reports, and the reference's counterparts."""
KEPT_FACTS = {"user_facts": "user_facts_fast"}
"""Ours reads events; the reference also keeps the facts of a user as an array."""
FILTERS = {("reference", "conversion_attribution"): "touch_key LIKE 'e1:%'"}
COUNTS = (
    "SELECT variant_id, users, converting_users, conversions, exposed_users, "
    "round(toFloat64(revenue), 2) FROM experiment_performance",
    "SELECT variant_id, assigned, exposed, converted FROM journey_funnel",
    "SELECT variant_id, sum(conversions), sum(converting_users) FROM revenue_daily",
    "SELECT variant_id, count(), sum(events) FROM user_sessions",
)


@dataclass
class Cost:
    """Seconds of each run, and the bytes that one reads."""

    seconds: list[float] = field(default_factory=list)
    read: int = 0

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return median(self.seconds)

    def run(self, server: Server, report: str) -> None:
        """Once more."""
        chosen = FILTERS.get((server.database, report), "experiment_id = 'e1'")
        seconds, self.read = server.timed(f"SELECT * FROM {report} WHERE {chosen} FORMAT Null")
        self.seconds.append(seconds)


def compare(ours: Server, reference: Server, pair: tuple[str, str | None]) -> tuple[Cost, Cost]:
    """Both sides in turn, so that what else the machine does meets both."""
    report, counterpart = pair
    costs = Cost(), Cost()
    for _ in range(RUNS):
        costs[0].run(ours, report)
        if counterpart:
            costs[1].run(reference, counterpart)
    return costs


def check(ours: Server, reference: Server) -> int:
    """End the bench unless the sides agree; the number of counts that were compared."""
    compared = 0
    for query in COUNTS:
        grouped = " GROUP BY variant_id" if "sum(" in query else ""
        whole = f"{query} WHERE experiment_id = 'e1'{grouped} ORDER BY variant_id"
        mine, theirs = ours.rows(whole), reference.rows(whole)
        if mine != theirs or not mine:
            sys.exit(f"the sides disagree: ours {mine}, reference {theirs}: {whole}")
        compared += sum(len(row) - 1 for row in mine)
    return compared
