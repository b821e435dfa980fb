"""traffic_allocation: D14 over trailing windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.views.ledger import Ledger
from tests.views.oracle.arms import Arm, arms, expected_share
from tests.views.oracle.users import Row

WINDOWS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "all": None,
}


def traffic_allocation(ledger: Ledger) -> list[Row]:
    """Every variant that is known or has users of its own only, over every window."""
    return [
        _row(arm, window, family)
        for family in arms(ledger)
        for arm in family
        for window in WINDOWS
        if arm.known or arm.users
    ]


def _row(arm: Arm, window: str, family: list[Arm]) -> Row:
    new, total = _new(arm, window), sum(_new(each, window) for each in family)
    return {
        "experiment_id": arm.experiment_id,
        "variant_id": arm.variant_id,
        "window": window,
        "new_users": new,
        "experiment_new_users": total,
        "observed_share": new / total if total else None,
        "expected_share": expected_share(arm, family),
    }


def _new(arm: Arm, window: str) -> int:
    length = WINDOWS[window]
    if length is None:
        return len(arm.users)
    return sum(user.assigned_at > datetime.now(UTC) - length for user in arm.users)
