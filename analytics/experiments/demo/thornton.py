"""The experiment that is replayed: Thornton (2008), one row per person with arm and outcome.

Rebecca L. Thornton, "The Demand for, and Impact of, Learning HIV Status", American Economic
Review 98 (5), 2008: of people tested for HIV in rural Malawi, some were offered money for coming
to learn their result. The data come with the package `causaldata` (MIT).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from analytics.errors import SettingError

EXPERIMENT = "thornton-2008"
NAME = "Thornton 2008: learning one's HIV result"
CONTROL, TREATMENT = "none", "incentive"
ALLOCATIONS = {CONTROL: Decimal("0.22"), TREATMENT: Decimal("0.78")}
CENT_OF_A_CENT = Decimal("0.0001")  # what the column `value` keeps
ADDRESS = uuid5(NAMESPACE_URL, "https://doi.org/10.1257/aer.98.5.1829")


@dataclass(frozen=True)
class Person:
    """One person of the study: the arm, whether the result was learned, the money offered."""

    number: int
    variant: str
    learned: bool
    dollars: Decimal

    @property
    def user_id(self) -> str:
        return f"thornton-{self.number:04d}"

    @property
    def events(self) -> tuple[str, ...]:
        """The types of this person's events, in their order."""
        return ("exposure", "conversion") if self.learned else ("exposure",)

    def id(self, kind: str) -> UUID:
        """The same id in every run, so that sending again is not a second row."""
        return uuid5(ADDRESS, f"{kind}/{self.user_id}")


@dataclass(frozen=True)
class Arm:
    """What is counted in one arm of the experiment."""

    users: int
    converted: int
    revenue: Decimal

    @property
    def rate(self) -> float:
        return self.converted / self.users if self.users else 0.0


NOBODY = Arm(0, 0, Decimal(0))
PUBLISHED = {CONTROL: (623, 211), TREATMENT: (2211, 1745)}
"""Variant -> people, and how many of them learned their result, as the paper's data give them."""


def people() -> tuple[Person, ...]:
    """All 2,834 with both an arm and an outcome; SettingError if the data are not installed."""
    try:
        from causaldata import thornton_hiv
    except ImportError as error:
        raise SettingError(
            f"the package causaldata cannot be imported ({error})",
            "install the demo's data with `pip install 'analytics[experiments]'`",
        ) from None
    rows = thornton_hiv.load_pandas().data[["any", "got", "tinc"]].dropna()
    return tuple(
        Person(int(number), TREATMENT if offered else CONTROL, bool(got), _dollars(money))
        for number, offered, got, money in rows.itertuples()
    )


def arms(everybody: Iterable[Person]) -> dict[str, Arm]:
    """Each variant's arm, counted from the data themselves."""
    counted = dict.fromkeys(ALLOCATIONS, NOBODY)
    for person in everybody:
        arm = counted[person.variant]
        paid = person.dollars if person.learned else Decimal(0)
        counted[person.variant] = Arm(
            arm.users + 1, arm.converted + person.learned, arm.revenue + paid
        )
    return counted


def _dollars(money: float) -> Decimal:
    """Kwacha turned into dollars, in the data a 32-bit float; to the column's four places."""
    return Decimal(str(round(float(money), 6))).quantize(CENT_OF_A_CENT)
