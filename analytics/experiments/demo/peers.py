"""The peers of ClickHouse's figures: statsmodels and scipy, from the people that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from math import isclose
from typing import Any

from analytics.errors import SettingError
from analytics.experiments.demo import thornton
from analytics.experiments.demo.thornton import CONTROL, TREATMENT, Arm, Person

PACKAGES = ("scipy", "statsmodels")
EXACT, P = 1e-9, 1e-8  # tolerated relative differences: of figures, and of p-values


@dataclass(frozen=True)
class Figure:
    """A column of `experiment_performance` for a variant, and the value that it must have."""

    variant: str
    column: str
    peer: float
    tolerance: float = EXACT

    @property
    def name(self) -> str:
        return f"{self.column} of {self.variant}"

    def found(self, performance: Mapping[str, Mapping[str, Any]]) -> float | None:
        value = performance.get(self.variant, {}).get(self.column)
        return None if value is None else float(value)

    def agrees(self, performance: Mapping[str, Mapping[str, Any]]) -> bool:
        value = self.found(performance)
        return value is not None and isclose(value, self.peer, rel_tol=self.tolerance)


def need() -> None:
    """SettingError if the packages are not installed; importing them takes longer."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise SettingError(
            f"there is no package {' and no package '.join(missing)}",
            "install the packages of the demo by `pip install 'pipeline-revisions[experiments]'`",
        )


def figures(people: Iterable[Person]) -> list[Figure]:
    """Every figure that is compared."""
    everybody = tuple(people)
    arms = thornton.arms(everybody)
    return [
        *_rates(arms),
        *_difference(arms[TREATMENT], arms[CONTROL]),
        *_money(_paid(everybody, TREATMENT), _paid(everybody, CONTROL)),
    ]


def compare(
    figures: Iterable[Figure], performance: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """A finding for each figure that ClickHouse computes differently, or lacks."""
    for figure in figures:
        if not figure.agrees(performance):
            yield (
                f"experiment_performance: {figure.name} is {figure.found(performance)}, "
                f"computed by statsmodels/scipy {figure.peer}"
            )


def _rates(arms: Mapping[str, Arm]) -> Iterator[Figure]:
    """Rates and their Wilson intervals."""
    from statsmodels.stats.proportion import proportion_confint

    for variant, arm in arms.items():
        low, high = proportion_confint(arm.converted, arm.users, alpha=0.05, method="wilson")
        yield Figure(variant, "conversion_rate", arm.rate)
        yield Figure(variant, "conversion_rate_low", low)
        yield Figure(variant, "conversion_rate_high", high)


def _difference(treatment: Arm, control: Arm) -> Iterator[Figure]:
    """The difference of the rates, Newcombe's interval, and the pooled test."""
    from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

    converted, users = (treatment.converted, control.converted), (treatment.users, control.users)
    low, high = confint_proportions_2indep(
        converted[0], users[0], converted[1], users[1], method="newcomb", compare="diff"
    )
    z, p = proportions_ztest(converted, users)
    yield Figure(TREATMENT, "absolute_difference", treatment.rate - control.rate)
    yield Figure(TREATMENT, "difference_low", low)
    yield Figure(TREATMENT, "difference_high", high)
    yield Figure(TREATMENT, "z_score", z)
    yield Figure(TREATMENT, "p_value", p, P)


def _money(treatment: list[float], control: list[float]) -> Iterator[Figure]:
    """The difference of the revenue per user, and Welch's test of it."""
    from scipy.stats import ttest_ind

    difference = sum(treatment) / len(treatment) - sum(control) / len(control)
    p = ttest_ind(treatment, control, equal_var=False).pvalue
    yield Figure(TREATMENT, "revenue_per_user_difference", difference)
    yield Figure(TREATMENT, "revenue_p_value", p, P)


def _paid(people: Iterable[Person], variant: str) -> list[float]:
    """The payment of each person of a variant, also when it is zero."""
    return [float(p.dollars) * p.learned for p in people if p.variant == variant]
