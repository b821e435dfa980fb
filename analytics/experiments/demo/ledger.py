"""The ledger of the simulated shop: the numbers that ClickHouse must compute."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from analytics.experiments.demo.shop import ALLOCATIONS, Event, Shop
from analytics.experiments.demo.thornton import Arm


def arms(happened: Shop) -> dict[str, Arm]:
    """Each variant's assigned visitors, its buyers, and their payments less refunds."""
    return {variant: _arm(happened, variant) for variant in ALLOCATIONS}


def _arm(happened: Shop, variant: str) -> Arm:
    sales = [event for event in _sales(happened.events) if event.visitor.variant == variant]
    visitors = [v for v in happened.visitors if v.assigned_at and v.variant == variant]
    return Arm(
        users=len(visitors),
        converted=len({sale.visitor.user_id for sale in sales}),
        revenue=sum((sale.value or Decimal(0) for sale in sales), Decimal(0)),
    )


def _sales(events: Iterable[Event]) -> list[Event]:
    """The conversions, not deleted ones, of visitors who were assigned by then."""
    return [
        event
        for event in events
        if event.kind == "conversion"
        and event.fate != "deleted"
        and event.visitor.assigned_at
        and event.at >= event.visitor.assigned_at
    ]
