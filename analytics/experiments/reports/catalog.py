"""The catalog of the reports: for each its view, its title, and the columns that people see.

The columns are in the order in which they are shown; columns that belong together are on one line.
"""

from __future__ import annotations

from analytics.experiments.reports.report import Report


def _columns(names: str) -> tuple[str, ...]:
    """The names in a text, separated by blanks and line ends."""
    return tuple(names.split())


PERFORMANCE = Report(
    name="performance",
    view="experiment_performance",
    title="performance",
    shown=_columns(
        """
        variant_name status
        users exposed_users converting_users
        conversion_rate conversion_rate_low conversion_rate_high
        absolute_difference difference_low difference_high relative_uplift
        p_value p_value_holm sequential_p_value chance_to_win
        revenue revenue_per_user revenue_per_conversion
        revenue_per_user_difference revenue_p_value
        traffic_share expected_share srm_p_value
        multi_variant_users events_before_assignment
        """
    ),
    order=("variant_id",),
    layout="beside",
)
JOURNEY = Report(
    name="journey",
    view="user_journey_analysis",
    title="journeys, one user a row",
    shown=_columns(
        """
        user_id variant_id funnel_step assigned_at
        seconds_to_exposure seconds_exposure_to_conversion
        sessions engaged_sessions avg_session_s
        converted_without_exposure
        """
    ),
    order=("assigned_at", "user_id"),
)
FUNNEL = Report(
    name="funnel",
    view="journey_funnel",
    title="funnel",
    shown=_columns(
        """
        assigned exposed converted
        exposure_rate conversion_rate_from_assignment conversion_rate_from_exposure
        converted_without_exposure median_seconds_to_convert
        """
    ),
    order=("variant_id",),
    layout="beside",
)
ATTRIBUTION = Report(
    name="attribution",
    view="conversion_attribution",
    title="attribution, one touch a row",
    shown=_columns(
        """
        conversion_id position n_touches variant_id
        linear time_decay position_based first_touch last_touch
        value touched_at converted_at user_id
        """
    ),
    order=("converted_at", "conversion_id", "position"),
)
COHORTS = Report(
    name="cohorts",
    view="cohort_analysis",
    title="cohorts by the day of assignment",
    shown=_columns(
        """
        cohort_day variant_id day_n
        cohort_size active_users retention
        cumulative_converters cumulative_conversion_rate
        """
    ),
    order=("cohort_day", "variant_id", "day_n"),
)
HEATMAP = Report(
    name="heatmap",
    view="behavior_heatmap",
    title="events by weekday and hour, UTC",
    shown=_columns("page variant_id dow hour events"),
    order=("page", "variant_id", "dow", "hour"),
    layout="heatmap",
    unit=7 * 24,
)
REVENUE = Report(
    name="revenue",
    view="revenue_daily",
    title="revenue by the day of conversion",
    shown=_columns(
        """
        day variant_id
        conversions converting_users
        revenue cumulative_revenue
        """
    ),
    order=("day", "variant_id"),
)
TRAFFIC = Report(
    name="traffic",
    view="traffic_allocation",
    title="new users by window, up to now",
    shown=_columns(
        """
        window variant_id
        new_users observed_share expected_share experiment_new_users
        """
    ),
    order=("indexOf(['1h', '24h', '7d', 'all'], window)", "variant_id"),
)
SUMMARY = Report(
    name="summary",
    view="experiment_summary",
    title="summary",
    shown=_columns(
        """
        variant_name verdict control_variant_id
        users control_users
        conversion_rate control_conversion_rate
        relative_uplift absolute_difference difference_low difference_high
        p_value p_value_holm sequential_p_value chance_to_win
        revenue_per_user_difference revenue_p_value srm_p_value
        """
    ),
    order=("variant_id",),
    layout="beside",
)

EVERY = PERFORMANCE, JOURNEY, FUNNEL, ATTRIBUTION, COHORTS, HEATMAP, REVENUE, TRAFFIC, SUMMARY
REPORTS = {report.name: report for report in EVERY}
"""The reports by name, in the order in which the command line lists them."""
