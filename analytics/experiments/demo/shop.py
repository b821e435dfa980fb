"""The simulated shop, which tries other checkouts: the same in every run, except for the time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from analytics.experiments.demo import visits
from analytics.experiments.demo.visits import Habits, Step

EXPERIMENT = "shop-checkout"
NAME = "Shop: one page or an express button instead of the classic checkout"
CONTROL = "classic"
ALLOCATIONS = {CONTROL: Decimal("0.34"), "one-page": Decimal("0.33"), "express": Decimal("0.33")}
HABITS = {CONTROL: Habits(0.25, 38), "one-page": Habits(0.40, 40), "express": Habits(0.30, 37)}
ASSIGNED, PASSERS_BY = 600, 12  # visitors; a passer-by is never assigned
SEED = 2008
ADDRESS = uuid5(NAMESPACE_URL, "urn:analytics:demo:shop-checkout")


@dataclass(frozen=True)
class Visitor:
    """One visitor; without `assigned_at` never assigned. A late one is written after the others."""

    number: int
    variant: str
    device: str
    country: str
    assigned_at: datetime | None
    late: bool

    @property
    def user_id(self) -> str:
        return f"shop-{self.number:04d}"

    @property
    def assignment_id(self) -> UUID:
        return uuid5(ADDRESS, f"assignment/{self.user_id}")


@dataclass(frozen=True)
class Event:
    """One event in its final form; `fate` is what happened to it before."""

    id: UUID
    visitor: Visitor
    kind: str
    at: datetime
    session: str
    page: str
    value: Decimal | None
    fate: str = "plain"  # or "late", "corrected", "deleted", "resent"

    @property
    def properties(self) -> dict[str, object]:
        """The event's properties, money as a JSON number."""
        common: dict[str, object] = {"page": self.page, "device": self.visitor.device}
        return common if self.value is None else common | {"value": float(self.value)}


@dataclass(frozen=True)
class Shop:
    """Everything that happened."""

    visitors: tuple[Visitor, ...]
    events: tuple[Event, ...]

    def of(self, *fates: str) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.fate in fates)


def simulate(now: datetime) -> Shop:
    """The shop up to `now`; with another `now` the same events, moved by the difference."""
    dice = random.Random(SEED)
    visitors = tuple(_visitor(dice, number, now) for number in range(ASSIGNED + PASSERS_BY))
    events = tuple(event for visitor in visitors for event in _events(dice, visitor, now))
    return Shop(visitors, events)


def mistaken(event: Event) -> Event:
    """The event before its correction: the value is in cents instead of dollars."""
    return replace(event, value=None if event.value is None else event.value * 100)


def _visitor(dice: random.Random, number: int, now: datetime) -> Visitor:
    return Visitor(
        number,
        variant=_chosen(dice, {name: float(share) for name, share in ALLOCATIONS.items()}),
        device=_chosen(dice, {"mobile": 0.6, "desktop": 0.3, "tablet": 0.1}),
        country=_chosen(dice, {"DE": 0.5, "FR": 0.3, "MW": 0.2}),
        assigned_at=now - visits.ago(dice) if number < ASSIGNED else None,
        late=dice.random() < 0.1,
    )


def _events(dice: random.Random, visitor: Visitor, now: datetime) -> Iterator[Event]:
    begun = visitor.assigned_at or now - visits.ago(dice)
    steps = visits.steps(dice, HABITS[visitor.variant])
    for number, step in enumerate(steps):
        if begun + step.after < now:
            yield Event(
                uuid5(ADDRESS, f"event/{visitor.user_id}/{number}"),
                visitor,
                kind=step.kind,
                at=begun + step.after,
                session=f"{visitor.user_id}/{step.visit}",
                page=step.page,
                value=step.value,
                fate=_fate(dice, step),
            )


def _fate(dice: random.Random, step: Step) -> str:
    fates: Mapping[str, float] = {"plain": 0.92, "late": 0.05, "resent": 0.03}
    if step.value is not None:
        fates = {"plain": 0.7, "late": 0.1, "resent": 0.05, "corrected": 0.1, "deleted": 0.05}
    return _chosen(dice, fates)


def _chosen(dice: random.Random, shares: Mapping[str, float]) -> str:
    return dice.choices(tuple(shares), tuple(shares.values()))[0]
