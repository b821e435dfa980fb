"""Faults that the views could have: what stands in a definition, and what would be wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`wrong` in the place of `right` in the newest definition of a view."""

    name: str
    view: str
    right: str
    wrong: str


VERSION = "if(change.source.lsn > 0, change.source.lsn, change.ts_ms) AS version"

INGESTING = [
    Fault("a deleted event stays", "events_processor_mv", "[op = 'd']", "[false]"),
    Fault("a moved event stays", "events_processor_mv", "op = 'u'", "false"),
    Fault("the clock's newest version", "events_processor_mv", VERSION, "change.ts_ms AS version"),
    Fault(
        "a deleted assignment stays",
        "assignments_processor_mv",
        "change.after.type = 'AssignmentDeleted'",
        "false",
    ),
]

REPORTING = [
    # which rows count, and from when on
    Fault("every version of an event", "assigned_events", "    FINAL\n", ""),
    Fault("every version of an assignment", "user_assignments", " FINAL", ""),
    Fault(
        "no event at the assignment itself",
        "assigned_events",
        ">= users.assigned_at",
        "> users.assigned_at",
    ),
    Fault("the last assignment's variant", "user_assignments", "argMin(", "argMax("),
    # whoever got several variants is in no rate
    Fault("several variants: a user", "variant_facts", "countIf(n_variants = 1)", "count()"),
    Fault(
        "several variants: a conversion",
        "variant_facts",
        "sumIf(converted, n_variants = 1)",
        "sum(converted)",
    ),
    Fault("several variants: a journey", "user_journey_analysis", "WHERE users.n_variants = 1", ""),
    Fault("several variants: traffic", "traffic_allocation", "WHERE n_variants = 1", ""),
    # money
    Fault("a refund is income", "user_facts", "ifNull(value, 0)", "abs(ifNull(value, 0))"),
    Fault("any event has revenue", "user_facts", "is_conversion) AS revenue", "true) AS revenue"),
    Fault("variance by n, not n - 1", "variant_facts", "varSampStableIf", "varPopStableIf"),
    Fault("buyers are visitors", "revenue_daily", "(user_id, is_conversion)", "(user_id, true)"),
    # sessions and journeys
    Fault("a session ends at 30 minutes", "user_timelines", "gap > 30 * 60", "gap >= 30 * 60"),
    Fault("engaged at 10 seconds", "user_timelines", "> 10000000 OR", ">= 10000000 OR"),
    Fault("engaged by one page", "user_timelines", "s.4 >= 2", "s.4 >= 1"),
    Fault(
        "no conversion at the exposure itself",
        "user_journey_analysis",
        "at >= first_exposure",
        "at > first_exposure",
    ),
    Fault(
        "a rate over the exposed", "journey_funnel", "converted / assigned", "converted / exposed"
    ),
    Fault(
        "a quantile in the median's place",
        "journey_funnel",
        "quantileExact(0.5)",
        "quantileExact(0.9)",
    ),
    # attribution
    Fault(
        "a touch of exactly 30 days",
        "conversion_attribution",
        "e.at > conversion.at",
        "e.at >= conversion.at",
    ),
    Fault(
        "no touch at the conversion itself",
        "conversion_attribution",
        "e.at <= conversion.at",
        "e.at < conversion.at",
    ),
    Fault(
        "the last touch is the first",
        "conversion_attribution",
        "toFloat64(position = 1)",
        "toFloat64(position = n_touches)",
    ),
    # the calendar
    Fault("days of 24 hours", "cohort_analysis", "UniqArray(dateDiff(", "UniqArray(age("),
    Fault("converted before", "cohort_analysis", "converted_on <= n", "converted_on < n"),
    Fault("weeks from Sunday", "behavior_heatmap", "Week(timestamp)", "Week(timestamp, 3)"),
    Fault("visits are visitors", "behavior_heatmap", "uniqExact(user_id)", "count()"),
    # tests
    Fault(
        "a one-sided p",
        "variant_statistics",
        "stat_normal_p(z_score)",
        "stat_normal_p(z_score) / 2",
    ),
    Fault(
        "Bonferroni, not Holm",
        "experiment_performance",
        "p * left",
        "p * length(family_p_values)",
    ),
]
