"""The functions beside scipy and statsmodels, over random and extreme inputs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from warnings import catch_warnings

import numpy as np
import pytest
from scipy import integrate, special, stats
from statsmodels.stats import multitest, proportion

from tests.statistics.conftest import Evaluate

pytestmark = pytest.mark.slow

RANDOM = np.random.default_rng(20240229)
NUMBERS = "Nullable(Float64)"
ARRAYS = "Array(Nullable(Float64))"


def powers(low: float, high: float, size: int) -> Any:
    """Numbers spread evenly over powers of ten."""
    return 10 ** RANDOM.uniform(low, high, size)


def rows(*columns: Any) -> list[list[Any]]:
    """Columns as rows of plain numbers."""
    return np.column_stack(np.broadcast_arrays(*columns)).tolist()


def counts(size: int, highest: float = 6) -> Any:
    """Successes and trials, small and large, with none and all among them."""
    n = np.floor(powers(0, highest, size))
    rates = RANDOM.choice([0, 1, *RANDOM.uniform(0, 1, 6)], size)
    return np.round(n * rates), n


def same(actual: Iterable[Any], expected: Any, rel: float, abs: float = 0) -> None:
    np.testing.assert_allclose(np.array(actual, float), expected, rtol=rel, atol=abs)


def test_the_normal_distribution(over: Evaluate) -> None:
    x = RANDOM.uniform(-37, 37, 500)

    same(over("stat_normal_cdf(a)", rows(x), type=NUMBERS), special.ndtr(x), 1e-12)
    same(over("stat_normal_p(a)", rows(x), type=NUMBERS), 2 * special.ndtr(-abs(x)), 1e-12)


def test_the_normal_quantile_to_the_far_tail(over: Evaluate) -> None:
    p = np.concatenate([powers(-300, -0.31, 400), RANDOM.uniform(0, 1, 400)])

    same(over("stat_normal_quantile(a)", rows(p), type=NUMBERS), special.ndtri(p), 1e-13, 1e-15)


def test_students_p_for_every_df_and_t(over: Evaluate) -> None:
    t, df = np.append(powers(-6, 1.78, 1500), 0), np.append(powers(0, 7, 1500), 3.3)
    expected = 2 * stats.t.sf(t, df)
    shown = expected > 1e-300

    actual = np.array(over("stat_student_p(a, b)", rows(t, df), type=NUMBERS))
    same(actual[shown], expected[shown], 1e-11)
    assert max(actual[~shown], default=0) <= 1e-300


def test_students_p_of_huge_statistics_with_few_degrees_of_freedom(over: Evaluate) -> None:
    t = powers(3, 290, 200)

    same(over("stat_student_p(a, 1)", rows(t), type=NUMBERS), 2 / np.pi / t, 1e-6)
    same(
        over("stat_student_p(a, 1)", rows(t[t > 1e9]), type=NUMBERS), 2 / np.pi / t[t > 1e9], 1e-11
    )


def test_students_quantile_for_every_df_and_alpha(over: Evaluate) -> None:
    alpha = np.concatenate([powers(-280, -0.001, 700), RANDOM.uniform(1e-3, 0.999, 700)])
    df = powers(0, 7, 1400)
    expected = stats.t.isf(alpha / 2, df)
    right = abs(2 * stats.t.sf(expected, df) / alpha - 1) < 1e-12  # scipy's own far tail is off

    actual = np.array(over("stat_student_quantile(a, b)", rows(alpha, df), type=NUMBERS))
    same(actual[right], expected[right], 1e-11)
    assert right.mean() > 0.9


def test_the_chi_square_tail(over: Evaluate) -> None:
    df = np.concatenate([RANDOM.integers(1, 40, 400), RANDOM.integers(40, 5000, 50)])
    x = df * powers(-3, 0.7, len(df))
    expected = stats.chi2.sf(x, df)
    shown = expected > 1e-300

    actual = np.array(over("stat_chi_square_p(a, b)", rows(x, df), type=NUMBERS))
    same(actual[shown], expected[shown], 1e-10)


def test_goodness_of_fit(over: Evaluate) -> None:
    cases = [
        [RANDOM.integers(0, 900, size).tolist(), RANDOM.integers(1, 900, size).tolist()]
        for size in range(2, 40)
    ]

    expected = [stats.chisquare(o, e, sum_check=False) for o, e in cases]
    same(over("stat_goodness_of_fit(a, b)", cases, type=ARRAYS), expected, 1e-10, 1e-300)


def test_the_chi_square_test_of_proportions(over: Evaluate) -> None:
    cases = []
    for size in range(2, 20):
        n = RANDOM.integers(5, 10**6, size)
        cases.append([RANDOM.binomial(n, 0.3).tolist(), n.tolist()])

    expected = [proportion.proportions_chisquare(*map(np.array, case))[:2] for case in cases]
    same(over("stat_proportions_chi_square(a, b)", cases, type=ARRAYS), expected, 1e-8)


def test_the_sample_ratio(over: Evaluate) -> None:
    cases, expected = [], []
    for size in range(2, 12):
        users, weights = RANDOM.integers(0, 10**6, size), RANDOM.uniform(0.1, 1, size)
        cases.append([[*users.tolist(), 7], [*weights.tolist(), 0]])
        shares = users.sum() * weights / weights.sum()
        expected.append(stats.chisquare(users, shares).pvalue)

    same(over("stat_sample_ratio_p(a, b)", cases, type=ARRAYS), expected, 1e-8, 1e-300)


def test_the_sequential_sample_ratio(over: Evaluate) -> None:
    cases, expected = [], []
    for highest in [10, 100, 1000, 10**4, 10**5] * 6:
        users, k = RANDOM.integers(0, highest, 3), float(powers(0, 4, 1)[0])
        share = np.array([0.5, 0.3, 0.2])
        cases.append([users.tolist(), share.tolist(), [k]])
        prior = special.gammaln(k) - special.gammaln(k + users.sum())
        each = special.gammaln(k * share + users) - special.gammaln(k * share)
        expected.append(min(1, np.exp(-(prior + (each - users * np.log(share)).sum()))))

    actual = over("stat_sequential_sample_ratio_p(a, b, c[1])", cases, type=ARRAYS)
    same(actual, expected, 1e-7, 1e-300)


def test_two_proportions(over: Evaluate) -> None:
    (x1, n1), (x2, n2) = counts(600), counts(600)
    pooled = (x1 + x2) / (n1 + n2)
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody or everybody succeeded
        z = (x1 / n1 - x2 / n2) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))

    actual = over("stat_two_proportions(a, b, c, d)", rows(x1, n1, x2, n2), type=NUMBERS)
    same(actual, np.column_stack([z, 2 * special.ndtr(-abs(z))]), 1e-9, 1e-300)


def test_intervals_of_one_proportion(over: Evaluate) -> None:
    x, n = counts(300)
    alpha = powers(-12, -0.1, 300)

    for name, method in {"wilson": "wilson", "agresti_coull": "agresti_coull"}.items():
        low, high = np.array(
            [
                proportion.proportion_confint(*row, method=method)
                for row in zip(x, n, alpha, strict=True)
            ]
        ).T
        actual = np.array(over(f"stat_{name}_interval(a, b, c)", rows(x, n, alpha), type=NUMBERS))
        same(np.clip(actual, 0, 1), np.column_stack([low, high]), 1e-9, 1e-12)


def test_intervals_of_a_difference_of_proportions(over: Evaluate) -> None:
    (x1, n1), (x2, n2) = counts(200), counts(200)

    for name, method in {"newcombe": "newcomb", "wald": "wald"}.items():
        limits = [
            proportion.confint_proportions_2indep(*row, method=method, correction=False)
            for row in zip(x1, n1, x2, n2, strict=True)
        ]
        difference = f"stat_{name}_difference(a, b, c, d, 0.05)"
        actual = over(f"({difference}.2, {difference}.3)", rows(x1, n1, x2, n2), type=NUMBERS)
        same(actual, limits, 1e-9, 1e-12)


def arms(size: int) -> Any:
    """n, mean and variance of two arms."""
    n1, n2 = np.floor(powers(0.31, 6, size)), np.floor(powers(0.31, 6, size))
    mean1, mean2 = powers(-2, 3, size), powers(-2, 3, size)
    var1, var2 = mean1**2 * powers(-2, 3, size), mean2**2 * powers(-2, 3, size)
    return n1, mean1, var1, n2, mean2, var2


def test_welch(over: Evaluate) -> None:
    n1, mean1, var1, n2, mean2, var2 = arms(400)
    test = stats.ttest_ind_from_stats(
        mean2, np.sqrt(var2), n2, mean1, np.sqrt(var1), n1, equal_var=False
    )
    error = np.sqrt(var1 / n1 + var2 / n2)
    df = error**4 / ((var1 / n1) ** 2 / (n1 - 1) + (var2 / n2) ** 2 / (n2 - 1))
    half = stats.t.isf(0.005, df) * error
    effect = mean2 - mean1

    actual = over(
        "stat_welch(a, b, c, d, e, f, 0.01)", rows(n1, mean1, var1, n2, mean2, var2), type=NUMBERS
    )
    expected = np.column_stack([effect, effect - half, effect + half, error, test.pvalue])
    same(actual, expected, 1e-9, 1e-300)


def test_the_pooled_student_test(over: Evaluate) -> None:
    n1, mean1, var1, n2, mean2, var2 = arms(400)
    test = stats.ttest_ind_from_stats(mean1, np.sqrt(var1), n1, mean2, np.sqrt(var2), n2)

    actual = over(
        "stat_student_pooled(a, b, c, d, e, f)",
        rows(n1, mean1, var1, n2, mean2, var2),
        type=NUMBERS,
    )
    same(actual, np.column_stack([test.statistic, test.pvalue]), 1e-9, 1e-300)


def chance(x1: float, n1: float, x2: float, n2: float) -> float:
    """P(p2 > p1) by integration over p2, on both sides of its mode."""
    one = stats.beta(1 + x1, 1 + n1 - x1)
    two = stats.beta(1 + x2, 1 + n2 - x2)
    spread = 12 * max(one.std(), two.std())
    middle = sorted({0.0, 1.0, *np.clip([two.mean() + k * spread / 8 for k in range(-8, 9)], 0, 1)})
    with catch_warnings(action="ignore", category=integrate.IntegrationWarning):
        return float(sum(_area(one, two, *limits) for limits in pairwise(middle)))


def _area(one: Any, two: Any, low: float, high: float) -> float:
    options = {"epsabs": 0, "epsrel": 1e-11, "limit": 400}
    return float(integrate.quad(lambda p: two.pdf(p) * one.cdf(p), low, high, **options)[0])


def test_the_chance_to_win(over: Evaluate) -> None:
    cases = [
        (0, 0, 0, 0), (0, 0, 5, 10), (0, 1, 1, 1), (3, 3, 2, 2), (42, 104, 500, 1009),
        (1, 10, 400_000, 10**6), (7, 10, 50, 10**5), (500, 500, 480, 481), (0, 100, 30, 900),
        (50_000, 10**6, 50_200, 10**6), (50_000, 10**6, 48_500, 10**6),
        (20, 1000, 50_000, 10**6), (3, 1000, 900, 1000),
    ]  # fmt: skip

    actual = over("stat_chance_to_win(a, b, c, d)", cases, type=NUMBERS)
    same(actual, [chance(*case) for case in cases], 1e-9)


def test_the_chance_to_win_with_very_many_successes(over: Evaluate) -> None:
    cases = [(500_000, 10**6, 501_000, 10**6), (950_000, 10**6, 951_000, 10**6)]

    actual = over("stat_chance_to_win(a, b, c, d)", cases, type=NUMBERS)
    same(actual, [chance(*case) for case in cases], 1e-8)


def test_holm_and_benjamini_hochberg(over: Evaluate) -> None:
    families = [[powers(-300, 0, size).tolist()] for size in (1, 2, 5, 20, 60)]
    families += [[[0.01, 0.01, 0.2, 0.2, 1, 1, 0, 0]]]

    for name, method in {"holm": "holm", "benjamini_hochberg": "fdr_bh"}.items():
        actual = over(f"stat_{name}(a)", families, type=ARRAYS)
        for answer, [ps] in zip(actual, families, strict=True):
            same(answer, multitest.multipletests(ps, method=method)[1], 1e-12)


def test_a_missing_p_value_does_not_count(over: Evaluate) -> None:
    [answer] = over("stat_holm(a)", [[[0.01, None, 0.04, float("nan"), 7]]], type=ARRAYS)

    same(answer, [0.02, np.nan, 0.04, np.nan, np.nan], 1e-15)
