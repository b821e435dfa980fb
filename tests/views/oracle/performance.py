"""experiment_performance: one row a variant, D1-D15."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.views.ledger import Ledger
from tests.views.oracle import statistics
from tests.views.oracle.arms import Arm, arms, expected_share
from tests.views.oracle.users import Row


def experiment_performance(ledger: Ledger) -> list[Row]:
    """Every variant that is known or has users."""
    return [row for family in arms(ledger) for row in _family(family)]


def _family(family: list[Arm]) -> list[Row]:
    controls = [arm for arm in family if arm.is_control]
    rows = [_row(arm, controls) | _traffic(arm, family) for arm in family]
    tested = [row for row in rows if row["p_value"] is not None]
    adjusted = statistics.holm([row["p_value"] for row in tested])
    for row, p in zip(tested, adjusted, strict=True):
        row["p_value_holm"] = p
    return rows


def _row(arm: Arm, controls: list[Arm]) -> Row:
    comparison = _comparison(arm, controls)
    return _measures(arm) | comparison | {"status": _status(arm, controls, comparison)}


def _measures(arm: Arm) -> Row:
    converting, users = arm.counts
    conversions = sum(len(user.conversions) for user in arm.users)
    revenue = _revenue(arm)
    low, high = statistics.wilson(arm.counts) if users else (None, None)
    return {
        "experiment_id": arm.experiment_id,
        "variant_id": arm.variant_id,
        "variant_name": arm.known.name if arm.known else "",
        "is_control": int(arm.is_control),
        "known_variant": int(arm.known is not None),
        "users": users,
        "exposed_users": sum(bool(user.exposures) for user in arm.users),
        "converting_users": converting,
        "conversions": conversions,
        "multi_variant_users": arm.multi,
        "events_before_assignment": sum(user.early for user in arm.users),
        "conversion_rate": _ratio(converting, users),
        "conversion_rate_low": low,
        "conversion_rate_high": high,
        "revenue": revenue,
        "revenue_per_user": _ratio(revenue, users),
        "revenue_per_conversion": _ratio(revenue, conversions),
        "revenue_per_converting_user": _ratio(revenue, converting),
    }


def _traffic(arm: Arm, family: list[Arm]) -> Row:
    users = [len(each.users) for each in family]
    p = statistics.sample_ratio_p(users, [each.weight for each in family])
    return {
        "traffic_share": _ratio(len(arm.users), sum(users)),
        "expected_share": expected_share(arm, family),
        "srm_p_value": p,
        "srm_alert": int(p is not None and p < 0.001),
    }


def _comparison(arm: Arm, controls: list[Arm]) -> Row:
    """Against the only control, where both have users; otherwise all is None."""
    comparable = len(controls) == 1 and not arm.is_control and arm.users and controls[0].users
    if not comparable:
        return dict.fromkeys(COMPARED)
    (control,) = controls
    difference = _rate(arm) - _rate(control)
    low, high = statistics.newcombe(arm.counts, control.counts)
    testable = 0 < _pooled(arm, control) < 1
    z, p = statistics.pooled_z(arm.counts, control.counts) if testable else (None, None)
    return dict.fromkeys(COMPARED) | {
        "absolute_difference": float(difference),
        "difference_low": low,
        "difference_high": high,
        "relative_uplift": _ratio(difference, _rate(control)),
        "z_score": z,
        "p_value": p,
        "sequential_p_value": statistics.sequential_p(arm.counts, control.counts),
        "chance_to_win": statistics.chance_to_win(arm.counts, control.counts),
        "revenue_per_user_difference": _revenue_difference(arm, control),
        "revenue_p_value": statistics.welch_p(_per_user(arm), _per_user(control)),
    }


COMPARED = (
    "absolute_difference",
    "difference_low",
    "difference_high",
    "relative_uplift",
    "z_score",
    "p_value",
    "p_value_holm",
    "sequential_p_value",
    "chance_to_win",
    "revenue_per_user_difference",
    "revenue_p_value",
)


def _status(arm: Arm, controls: list[Arm], comparison: Row) -> str:
    """The first that applies."""
    applies = {
        "no_users": not arm.users,
        "control": arm.is_control,
        "no_single_control": len(controls) != 1,
        "control_empty": not any(control.users for control in controls),
        "not_testable": comparison["p_value"] is None,
    }
    verdict = next((status for status, applied in applies.items() if applied), None)
    return verdict or _verdict(arm, controls[0], comparison)


def _verdict(arm: Arm, control: Arm, comparison: Row) -> str:
    pooled = _pooled(arm, control)
    fewest = min(len(arm.users), len(control.users)) * min(pooled, 1 - pooled)
    if fewest < 5:
        return "low_counts"
    if comparison["p_value"] >= statistics.ALPHA:
        return "inconclusive"
    return "significant_up" if _rate(arm) > _rate(control) else "significant_down"


def _rate(arm: Arm) -> Fraction:
    return Fraction(*arm.counts)


def _pooled(arm: Arm, control: Arm) -> Fraction:
    (x_t, n_t), (x_c, n_c) = arm.counts, control.counts
    return Fraction(x_t + x_c, n_t + n_c)


def _per_user(arm: Arm) -> list[Decimal]:
    return [user.revenue for user in arm.users]


def _revenue(arm: Arm) -> Decimal:
    return sum(_per_user(arm), Decimal(0))


def _revenue_difference(arm: Arm, control: Arm) -> float:
    means = [Fraction(_revenue(each)) / len(each.users) for each in (arm, control)]
    return float(means[0] - means[1])


def _ratio(part: int | Decimal | Fraction, whole: int | Fraction) -> float | None:
    return float(Fraction(part) / whole) if whole else None
