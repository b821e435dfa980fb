"""The steps of one visitor of the simulated shop, in visits that are hours apart."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

DAYS = 10  # since the first visitors came
RETURNS = (0.0, 0.7, 0.45, 0.3)  # the probability of each further visit
BEFORE = timedelta(minutes=4)  # some visitors look around before they are assigned
REFUND = 0.06
CHECKOUT = ("exposure", "/checkout")  # kind and page


@dataclass(frozen=True)
class Habits:
    """The habits of a variant's visitors: the probability of a sale, and its typical amount."""

    buying: float
    dollars: float


@dataclass(frozen=True)
class Step:
    """One event, and its time after the assignment; a negative value is a refund."""

    after: timedelta
    visit: int
    kind: str
    page: str
    value: Decimal | None = None


def ago(dice: random.Random) -> timedelta:
    """The time since a visitor came: more come each day, most at about this time of the day."""
    while True:
        days = DAYS * dice.random() ** 2
        if dice.random() < 0.55 + 0.45 * math.cos(2 * math.pi * days):
            return timedelta(days=days)


def steps(dice: random.Random, habits: Habits) -> Iterator[Step]:
    """All steps of one visitor in their order, except that a look around comes first."""
    if dice.random() < 0.15:
        yield Step(-BEFORE, 0, "page_view", "/")
    begin = timedelta(seconds=dice.uniform(1, 20))
    for visit, chance in enumerate(RETURNS):
        if visit and dice.random() > chance:
            return
        yield from _visit(dice, habits, visit, begin=begin)
        begin += timedelta(hours=dice.choice((1, 7, 23, 24, 25, 48, 70)), minutes=dice.random())


def _visit(dice: random.Random, habits: Habits, visit: int, *, begin: timedelta) -> Iterator[Step]:
    """From the first page to the checkout, if there is one; a refund follows a day later."""
    at = begin
    path = _path(dice)
    for kind, page in path:
        yield Step(at, visit, kind, page)
        at += timedelta(seconds=dice.uniform(3, 90))
    if path[-1] != CHECKOUT or dice.random() > habits.buying:
        return
    paid = round(Decimal(dice.lognormvariate(math.log(habits.dollars), 0.5)), 2)
    yield Step(at, visit, "conversion", "/thanks", paid)
    if dice.random() < REFUND:
        yield Step(at + timedelta(days=1), visit, "conversion", "/account", -paid)


def _path(dice: random.Random) -> list[tuple[str, str]]:
    """Kind and page of each event; the checkout is where the variants differ."""
    path = [("page_view", "/"), *[("page_view", "/product")] * dice.randint(1, 4)]
    if dice.random() < 0.75:
        path += [("add_to_cart", "/product"), ("page_view", "/checkout"), CHECKOUT]
    return path
