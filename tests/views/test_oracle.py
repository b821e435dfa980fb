"""The oracle against published figures, so that it is not merely a second opinion."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.views.oracle import statistics
from tests.views.oracle.attribution import position_based, time_decay


def test_the_chance_to_win_is_the_exact_integral():
    chance = statistics.chance_to_win((500, 1009), (42, 104))

    assert chance == pytest.approx(0.9620819667893706, rel=1e-12)


def test_the_sequential_p_is_growthbook_s():
    p = statistics.sequential_p((1150, 10000), (1000, 10000))

    assert p == pytest.approx(0.019395219955838726, rel=1e-12)


def test_a_difference_has_newcombe_s_interval():
    assert statistics.newcombe((7, 34), (1, 34)) == pytest.approx(
        (0.018921443885772937, 0.3403686870327074), rel=1e-9
    )


def test_an_arm_without_conversions_has_a_p():
    z, p = statistics.pooled_z((0, 100), (5, 100))

    assert (z, p) == pytest.approx((-2.2645540682891916, 0.023540058261177936), rel=1e-12)


def test_revenue_is_compared_by_welch_s_t():
    x, y = [Decimal("20.3"), Decimal("22.1"), Decimal("21.9")], [18.9, 20.3, 19.0]

    assert statistics.welch_p(x, [Decimal(str(each)) for each in y]) == pytest.approx(
        0.051807360348581945, rel=1e-10
    )


@pytest.mark.parametrize(
    ("users", "weights", "p"),
    [
        ([1000, 1200], [0.5, 0.5], 2.007865612426481e-05),
        ([310, 98], [0.75, 0.25], 0.647434185701797),
        ([1000, 900, 800], [1, 0, 0], None),
        ([0, 0, 0], [0.34, 0.33, 0.33], None),
    ],
)
def test_the_sample_ratio_leaves_out_variants_without_weight(users, weights, p):
    assert statistics.sample_ratio_p(users, weights) == (p and pytest.approx(p, rel=1e-9))


def test_credit_decays_by_half_a_week():
    ages = [timedelta(days=14), timedelta(days=7), timedelta()]

    assert time_decay(ages) == pytest.approx([1 / 7, 2 / 7, 4 / 7])
    assert position_based(5) == pytest.approx([0.4, 1 / 15, 1 / 15, 1 / 15, 0.4])
