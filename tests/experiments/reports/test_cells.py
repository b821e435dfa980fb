"""The cells of a table: a value's text, by the kind of its column."""

from datetime import datetime
from decimal import Decimal

import pytest

from analytics.experiments.reports import cells


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("conversion_rate", 0.12345, "12.3 %"),
        ("conversion_rate", 0.0, "0.0 %"),
        ("conversion_rate", None, "-"),
        ("conversion_rate", float("nan"), "-"),
        ("relative_uplift", 0.4, "+40.0 %"),
        ("absolute_difference", -0.0123, "-1.23 pp"),
        ("p_value", 0.0123456, "0.0123"),
        ("p_value", 0.00009, "< 0.0001"),
        ("p_value", 1.0, "1"),
        ("revenue", Decimal("1234.5000"), "1,234.50"),
        ("revenue_per_user", 0.0312, "0.0312"),
        ("revenue_per_user_difference", -2.5, "-2.50"),
        ("users", 1234567, "1,234,567"),
        ("srm_alert", 1, "yes"),
        ("assigned_at", datetime(2026, 1, 5, 1, 2, 3, 4), "2026-01-05 01:02:03"),
        ("avg_session_s", 12.34, "12.3"),
        ("user_id", "a\x1b[31m\n", "a\\x1b[31m\\n"),
    ],
)
def test_a_cell_says_its_value_by_the_kind_of_its_column(column, value, shown):
    assert cells.text(column, value) == shown
