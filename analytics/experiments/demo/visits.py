"""The steps of one visitor of the simulated shop, in visits that are hours apart."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

DAYS = 10  # how long ago the first visitors came
RETURNS = (0.0, 0.7, 0.45, 0.3)  # how likely each further visit is
BEFORE = timedelta(minutes=4)  # some look around before they are assigned
REFUND = 0.06
CHECKOUT = ("exposure", "/checkout")  # kind and page


@dataclass(frozen=True)
class Habits:
    """How visitors of a variant buy: how likely in a visit to the checkout, for how much."""

    buying: float
    dollars: float


@dataclass(frozen=True)
class Step:
    """One event, so long after the assignment; negative money is a refund."""

    after: timedelta
    visit: int
    kind: str
    page: str
    value: Decimal | None = None


def ago(dice: random.Random) -> timedelta:
    """How long ago somebody came: ever more come, and most at about this time of the day."""
    while True:
        days = DAYS * dice.random() ** 2
        if dice.random() < 0.55 + 0.45 * math.cos(2 * math.pi * days):
            return timedelta(days=days)


def steps(dice: random.Random, habits: Habits) -> Iterator[Step]:
    """All steps of one visitor in their order, but for a look around that comes first."""
    if dice.random() < 0.15:
        yield Step(-BEFORE, 0, "page_view", "/")
    begin = timedelta(seconds=dice.uniform(1, 20))
    for visit, chance in enumerate(RETURNS):
        if visit and dice.random() > chance:
            return
        yield from _visit(dice, habits, visit, begin=begin)
        begin += timedelta(hours=dice.choice((1, 7, 23, 24, 25, 48, 70)), minutes=dice.random())


def _visit(dice: random.Random, habits: Habits, visit: int, *, begin: timedelta) -> Iterator[Step]:
    """From the first page to the checkout, if it comes to that; a refund follows a day later."""
    at = begin
    way = _way(dice)
    for kind, page in way:
        yield Step(at, visit, kind, page)
        at += timedelta(seconds=dice.uniform(3, 90))
    if way[-1] != CHECKOUT or dice.random() > habits.buying:
        return
    paid = round(Decimal(dice.lognormvariate(math.log(habits.dollars), 0.5)), 2)
    yield Step(at, visit, "conversion", "/thanks", paid)
    if dice.random() < REFUND:
        yield Step(at + timedelta(days=1), visit, "conversion", "/account", -paid)


def _way(dice: random.Random) -> list[tuple[str, str]]:
    """Kind and page of each event; the checkout is where the variants differ."""
    way = [("page_view", "/"), *[("page_view", "/product")] * dice.randint(1, 4)]
    if dice.random() < 0.75:
        way += [("add_to_cart", "/product"), ("page_view", "/checkout"), CHECKOUT]
    return way
