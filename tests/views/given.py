"""Short words for what a test has done: one experiment, users, and minutes after its start."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.views.ledger import Assignment, Event, Experiment, Variant

START = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)
NUMBERS = count(1)


def at(**after: float) -> datetime:
    """The start and so much later."""
    return START + timedelta(**after)


def experiment(name: str = "e", /, *, controls: str = "c", **allocations: float) -> Experiment:
    """An experiment by its variants' allocations; `controls` are letters of them."""
    shares = allocations or {"c": 1, "t": 1}
    variants = (Variant(v, v.upper(), v in controls, float(w)) for v, w in shares.items())
    return Experiment(name, tuple(variants))


def assigned(
    user: str, variant: str, when: datetime = START, *, experiment: str = "e"
) -> Assignment:
    """A user gets a variant."""
    return Assignment(f"a{next(NUMBERS):05d}", experiment, user, variant, when)


def event(
    user: str, kind: str, when: datetime = START, *, experiment: str = "e", **properties: Any
) -> Event:
    """A user does something; its properties are written as JSON."""
    text = json.dumps(properties)
    return Event(f"e{next(NUMBERS):05d}", experiment, user, "c", kind, when, text)


def arm(variant: str, users: int, *, exposed: int = 0, converted: int = 0) -> list[Any]:
    """Users of a variant, the first of them exposed and converted."""
    names = [f"{variant}{at}" for at in range(users)]
    return [
        *(assigned(name, variant) for name in names),
        *(event(name, "exposure", at(minutes=1)) for name in names[:exposed]),
        *(event(name, "conversion", at(minutes=2)) for name in names[:converted]),
    ]
