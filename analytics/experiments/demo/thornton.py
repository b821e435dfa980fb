"""The replayed experiment: Thornton (2008), one row for each person with arm and outcome.

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
CENT_OF_A_CENT = Decimal("0.0001")  # the precision of the column `value`
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
        """The id of an event, the same in every run: sending it again adds no row."""
        return uuid5(ADDRESS, f"{kind}/{self.user_id}")


@dataclass(frozen=True)
class Arm:
    """The counts of one arm of the experiment."""

    users: int
    converted: int
    revenue: Decimal

    @property
    def rate(self) -> float:
        return self.converted / self.users if self.users else 0.0


NOBODY = Arm(0, 0, Decimal(0))
PUBLISHED = {CONTROL: (623, 211), TREATMENT: (2211, 1745)}
"""Variant -> people, and the number of them who learned their result, by the paper's data."""


def people() -> tuple[Person, ...]:
    """All 2,834 people with an arm and an outcome; SettingError if the data are not installed."""
    try:
        from causaldata import thornton_hiv
    except ImportError as error:
        raise SettingError(
            f"the package causaldata cannot be imported ({error})",
            "install the demo's data with `pip install 'pipeline-revisions[experiments]'`",
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
    """Kwacha in dollars, a 32-bit float in the data, rounded to the column's four places."""
    return Decimal(str(round(float(money), 6))).quantize(CENT_OF_A_CENT)
