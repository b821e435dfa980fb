"""The error of a rehearsal."""

from __future__ import annotations

from analytics.errors import AnalyticsError


class RehearsalFailed(AnalyticsError):
    """A plan that was run on private stores cannot run, or its way back cannot."""
