"""The local stack's error."""

from __future__ import annotations

from analytics.errors import AnalyticsError


class LocalStackError(AnalyticsError):
    """A service of the local stack cannot be installed, started or stopped."""
