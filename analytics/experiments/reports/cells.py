"""The cells of a report: the text that shows a value, by the kind of its column."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

NOTHING = "-"
SMALLEST_P = 0.0001


def text(column: str, value: Any) -> str:
    """A value as it is shown; a value that cannot be computed is a dash."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    return BY_COLUMN.get(column, _by_type)(value)


def heading(column: str) -> str:
    """A column's name as words."""
    return column.replace("_", " ")


def is_number(value: Any) -> bool:
    """Whether it is a number, which is aligned to the right."""
    return isinstance(value, int | float | Decimal)


def printable(foreign: str) -> str:
    """A text of users, with the characters made visible that control a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in foreign)


def percent(value: float) -> str:
    return f"{value * 100:.1f} %"


def change(value: float) -> str:
    """A relative change, with its sign."""
    return f"{value * 100:+.1f} %"


def points(value: float) -> str:
    """A difference between two rates, in percentage points."""
    return f"{value * 100:+.2f} pp"


def p_value(value: float) -> str:
    return f"< {SMALLEST_P:.4f}" if value < SMALLEST_P else f"{value:.3g}"


def money(value: float | Decimal) -> str:
    """Two decimals, and four for an amount below one."""
    small = value != 0 and -1 < value < 1
    return f"{value:,.4f}" if small else f"{value:,.2f}"


def yes_or_no(value: object) -> str:
    return "yes" if value else "no"


def _by_type(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{value:,.1f}"
    return printable(str(value))


KINDS: dict[Callable[[Any], str], str] = {
    percent: "conversion_rate conversion_rate_low conversion_rate_high control_conversion_rate "
    "chance_to_win traffic_share expected_share observed_share exposure_rate "
    "conversion_rate_from_assignment conversion_rate_from_exposure retention "
    "cumulative_conversion_rate linear time_decay position_based first_touch last_touch "
    "engagement_rate",
    change: "relative_uplift",
    points: "absolute_difference difference_low difference_high",
    p_value: "p_value p_value_holm sequential_p_value revenue_p_value srm_p_value",
    money: "revenue revenue_per_user revenue_per_conversion revenue_per_converting_user "
    "revenue_per_user_difference cumulative_revenue value",
    yes_or_no: "is_control known_variant srm_alert converted_any",
}
BY_COLUMN = {column: kind for kind, columns in KINDS.items() for column in columns.split()}
