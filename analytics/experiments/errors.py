"""The errors of reports, each a kind of `analytics.errors.AnalyticsError`."""

from __future__ import annotations

from analytics.errors import AnalyticsError


class NotMigrated(AnalyticsError):
    """The schema lacks what a report reads."""


class UnknownExperiment(AnalyticsError):
    """The experiment that is named is neither in the reference data nor in the rows."""
