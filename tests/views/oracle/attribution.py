"""conversion_attribution: D19."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from tests.views.ledger import Event, Ledger
from tests.views.oracle.properties import value_of
from tests.views.oracle.users import Row, User, single_variant

WINDOW = timedelta(days=30)
HALF_LIFE = timedelta(days=7)

Touch = tuple[Event, User]


def conversion_attribution(ledger: Ledger) -> list[Row]:
    """One row a touch of each valid conversion; a conversion without touches has none."""
    users = single_variant(ledger)
    exposures = defaultdict(list)
    for user in users:
        exposures[user.user_id] += [(event, user) for event in user.exposures]
    return [
        row
        for user in users
        for conversion in user.conversions
        for row in _credits(conversion, _touches(conversion, exposures[user.user_id]))
    ]


def _touches(conversion: Event, exposures: list[Touch]) -> list[Touch]:
    start = conversion.timestamp - WINDOW
    within = [each for each in exposures if start < each[0].timestamp <= conversion.timestamp]
    return sorted(within, key=lambda each: (each[0].timestamp, each[0].id))


def _credits(conversion: Event, touches: list[Touch]) -> list[Row]:
    decay = time_decay([conversion.timestamp - event.timestamp for event, _ in touches])
    by_position = position_based(len(touches))
    return [
        {
            "conversion_id": conversion.id,
            "position": at + 1,
            "user_id": conversion.user_id,
            "experiment_id": user.experiment_id,
            "variant_id": user.variant_id,
            "converted_at": conversion.timestamp,
            "touched_at": touch.timestamp,
            "n_touches": len(touches),
            "first_touch": float(at == 0),
            "last_touch": float(at == len(touches) - 1),
            "linear": 1 / len(touches),
            "position_based": by_position[at],
            "time_decay": decay[at],
            "value": value_of(conversion),
        }
        for at, (touch, user) in enumerate(touches)
    ]


def position_based(touches: int) -> list[float]:
    """40 / 20 / 40; two touches share, one has it all."""
    if touches <= 2:
        return [1 / (touches or 1)] * touches
    return [0.4, *[0.2 / (touches - 2)] * (touches - 2), 0.4]


def time_decay(ages: list[timedelta]) -> list[float]:
    """Halved with each week of age; the credits sum to 1."""
    weights = [2 ** -(age / HALF_LIFE) for age in ages]
    return [weight / sum(weights) for weight in weights]
