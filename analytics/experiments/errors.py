"""The errors of reports, each a kind of `analytics.errors.AnalyticsError`."""

from __future__ import annotations

from analytics.errors import AnalyticsError


class NotMigrated(AnalyticsError):
    """The schema lacks what a report reads."""


class UnknownExperiment(AnalyticsError):
    """Neither reference data nor rows know the experiment that is named."""
