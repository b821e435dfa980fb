"""Who was assigned to what, and which events count: what every report starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tests.views.ledger import Assignment, Event, Ledger
from tests.views.oracle.properties import value_of

Row = dict[str, object]


@dataclass(frozen=True)
class User:
    """An assigned user in one experiment; `events` are the valid ones by (time, id)."""

    experiment_id: str
    user_id: str
    variant_id: str
    assigned_at: datetime
    n_variants: int
    events: tuple[Event, ...]
    early: int

    @property
    def exposures(self) -> list[Event]:
        """The valid exposures."""
        return [event for event in self.events if event.event_type == "exposure"]

    @property
    def conversions(self) -> list[Event]:
        """The valid conversions."""
        return [event for event in self.events if event.event_type == "conversion"]

    @property
    def revenue(self) -> Decimal:
        """The sum of the conversions' values (D10)."""
        return revenue_of(self.conversions)


def revenue_of(conversions: Iterable[Event]) -> Decimal:
    """The sum of values; one that is missing counts 0."""
    return sum((value_of(event) or Decimal(0) for event in conversions), Decimal(0))


def assigned(ledger: Ledger) -> list[User]:
    """Every assigned user, the multi-variant ones among them."""
    events = defaultdict(list)
    for event in ledger.live(Event):
        events[event.experiment_id, event.user_id].append(event)
    held = defaultdict(list)
    for assignment in ledger.live(Assignment):
        held[assignment.experiment_id, assignment.user_id].append(assignment)
    return [_user(assignments, events[key]) for key, assignments in held.items()]


def single_variant(ledger: Ledger) -> list[User]:
    """U_v of all variants: users with exactly one distinct variant."""
    return [user for user in assigned(ledger) if user.n_variants == 1]


def user_facts(ledger: Ledger) -> list[Row]:
    """The report of every assigned user."""
    return [_facts(user) for user in assigned(ledger)]


def _user(assignments: list[Assignment], events: list[Event]) -> User:
    first = min(assignments, key=lambda each: (each.assigned_at, each.id))
    valid = [event for event in events if event.timestamp >= first.assigned_at]
    return User(
        experiment_id=first.experiment_id,
        user_id=first.user_id,
        variant_id=first.variant_id,
        assigned_at=first.assigned_at,
        n_variants=len({each.variant_id for each in assignments}),
        events=tuple(sorted(valid, key=lambda event: (event.timestamp, event.id))),
        early=len(events) - len(valid),
    )


def _facts(user: User) -> Row:
    return {
        "experiment_id": user.experiment_id,
        "user_id": user.user_id,
        "variant_id": user.variant_id,
        "assigned_at": user.assigned_at,
        "n_variants": user.n_variants,
        "events": len(user.events),
        "exposures": len(user.exposures),
        "conversions": len(user.conversions),
        "converted": int(bool(user.conversions)),
        "exposed": int(bool(user.exposures)),
        "revenue": user.revenue,
        "first_exposure_at": user.exposures[0].timestamp if user.exposures else None,
        "first_conversion_at": user.conversions[0].timestamp if user.conversions else None,
        "events_before_assignment": user.early,
    }
