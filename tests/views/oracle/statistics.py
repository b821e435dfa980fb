"""The statistics of the reports, through scipy and statsmodels where they have them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

ALPHA = 0.05
TUNED_FOR = 5000  # N*: the number of users at which the confidence sequence is tightest
EXACT_UP_TO = 50_000  # conversions

Counts = tuple[int, int]  # successes, trials
Interval = tuple[float, float]


def wilson(arm: Counts) -> Interval:
    """D3."""
    low, high = proportion_confint(*arm, alpha=ALPHA, method="wilson")
    return float(low), float(high)


def newcombe(treatment: Counts, control: Counts) -> Interval:
    """D4."""
    low, high = confint_proportions_2indep(
        *treatment, *control, alpha=ALPHA, method="newcomb", compare="diff"
    )
    return float(low), float(high)


def pooled_z(treatment: Counts, control: Counts) -> tuple[float, float]:
    """D6: z and its two-sided p."""
    successes, trials = zip(treatment, control, strict=True)
    z, p = proportions_ztest(successes, trials)
    return float(z), float(p)


def holm(ps: Sequence[float]) -> list[float]:
    """D7."""
    return [float(p) for p in multipletests(ps, method="holm")[1]] if ps else []


def sequential_p(treatment: Counts, control: Counts) -> float | None:
    """D8: the least alpha whose asymptotic confidence sequence leaves out 0.

    Waudby-Smith et al. (2021), time-uniform central limit theory: with n units of variance s^2,
    radius(alpha) = s sqrt(2 (n rho^2 + 1) / (n rho)^2 log(sqrt(n rho^2 + 1) / alpha)).
    """
    n = treatment[1] + control[1]
    error = sum(x / m * (1 - x / m) / m for x, m in (treatment, control))
    if error == 0:
        return None
    difference = treatment[0] / treatment[1] - control[0] / control[1]
    rho_squared = (-2 * math.log(ALPHA) + math.log(-2 * math.log(ALPHA) + 1)) / TUNED_FOR
    growth = n * rho_squared + 1
    exponent = difference**2 / (error * n) * n**2 * rho_squared / (2 * growth)
    return min(1.0, math.sqrt(growth) * math.exp(-exponent))


def chance_to_win(treatment: Counts, control: Counts) -> float:
    """D9: P(p_t > p_c), each Beta(1 + x, 1 + n - x).

    A Beta(a, b) is the a-th of a + b - 1 ordered uniforms. The control's comes first when among
    the first a_c + a_t - 1 of all there are a_c or more of the control's: a hypergeometric tail.
    """
    if treatment[0] + control[0] > EXACT_UP_TO:
        return _normal_chance(treatment, control)
    of_control, of_treatment, drawn = (
        control[1] + 1,
        treatment[1] + 1,
        control[0] + treatment[0] + 1,
    )
    wins = sum(
        math.comb(of_control, k) * math.comb(of_treatment, drawn - k)
        for k in range(control[0] + 1, min(of_control, drawn) + 1)
    )
    return float(Fraction(wins, math.comb(of_control + of_treatment, drawn)))


def welch_p(treatment: Sequence[Decimal], control: Sequence[Decimal]) -> float | None:
    """D13: None with fewer than two users in an arm, or without any variance."""
    if min(len(treatment), len(control)) < 2:
        return None
    arms = [_moments(treatment), _moments(control)]
    if all(variance == 0 for _, variance in arms):
        return None
    (mean_t, variance_t), (mean_c, variance_c) = arms
    # moments are exact, so that only the last step rounds
    error_t, error_c = variance_t / len(treatment), variance_c / len(control)
    freedom = (error_t + error_c) ** 2 / (
        error_t**2 / (len(treatment) - 1) + error_c**2 / (len(control) - 1)
    )
    t = float(mean_t - mean_c) / math.sqrt(error_t + error_c)
    return float(2 * stats.t.sf(abs(t), float(freedom)))


def sample_ratio_p(users: Sequence[int], weights: Sequence[float]) -> float | None:
    """D15: over the variants of a positive weight; None with fewer than two or no users."""
    pairs = [(n, weight) for n, weight in zip(users, weights, strict=True) if weight > 0]
    total, weight = sum(n for n, _ in pairs), sum(w for _, w in pairs)
    if len(pairs) < 2 or total == 0:
        return None
    expected = [share / weight * total for _, share in pairs]
    return float(stats.chisquare([n for n, _ in pairs], expected).pvalue)


def _normal_chance(treatment: Counts, control: Counts) -> float:
    error = sum(x / n * (1 - x / n) / n for x, n in (treatment, control))
    difference = treatment[0] / treatment[1] - control[0] / control[1]
    return float(stats.norm.cdf(difference / math.sqrt(error)))


def _moments(values: Sequence[Decimal]) -> tuple[Fraction, Fraction]:
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    return mean, sum(((x - mean) ** 2 for x in exact), Fraction(0)) / (len(exact) - 1)
