"""Figures of ClickHouse are compared with those of statsmodels and scipy, with a tolerance."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from analytics.errors import SettingError
from analytics.experiments.demo import peers
from analytics.experiments.demo.peers import Figure
from analytics.experiments.demo.thornton import CONTROL, TREATMENT, Person

PEOPLE = [
    Person(number, variant, learned=number % 4 < learning, dollars=Decimal(number % 3) / 2)
    for variant, learning in ((CONTROL, 1), (TREATMENT, 2))
    for number in range(40)
]
FIGURES = {(figure.variant, figure.column): figure for figure in peers.figures(PEOPLE)}
RATE = Figure(CONTROL, "conversion_rate", 0.25)


def performance_of(value: object) -> dict[str, dict[str, object]]:
    return {CONTROL: {"conversion_rate": value}}


@pytest.mark.parametrize(
    ("variant", "column", "expected"),
    [
        (CONTROL, "conversion_rate", 0.25),
        (CONTROL, "conversion_rate_low", 0.14187),
        (CONTROL, "conversion_rate_high", 0.40194),
        (TREATMENT, "absolute_difference", 0.25),
        (TREATMENT, "z_score", 2.30940),
        (TREATMENT, "p_value", 0.02092),
    ],
)
def test_figures_are_those_of_a_calculation_by_hand(
    variant: str, column: str, expected: float
) -> None:
    assert math.isclose(FIGURES[variant, column].peer, expected, abs_tol=5e-6)


def test_the_difference_lies_in_its_interval() -> None:
    low, high = (FIGURES[TREATMENT, f"difference_{end}"].peer for end in ("low", "high"))

    assert low < 0.25 < high


def test_who_did_not_learn_the_result_was_paid_nothing() -> None:
    paid = {
        v: sum(p.dollars for p in PEOPLE if p.variant == v and p.learned)
        for v in (CONTROL, TREATMENT)
    }

    difference = FIGURES[TREATMENT, "revenue_per_user_difference"].peer
    assert math.isclose(difference, float(paid[TREATMENT] - paid[CONTROL]) / 40)


def test_p_values_may_differ_a_little_more() -> None:
    tolerances = {column: figure.tolerance for (_, column), figure in FIGURES.items()}

    assert tolerances["p_value"] == tolerances["revenue_p_value"] == 1e-8
    assert tolerances["z_score"] == 1e-9


@pytest.mark.parametrize("value", [0.25, 0.25 + 1e-11, Decimal("0.25")])
def test_what_differs_within_the_tolerance_is_no_finding(value: object) -> None:
    assert list(peers.compare([RATE], performance_of(value))) == []


@pytest.mark.parametrize("value", [0.25 + 1e-9, float("nan")])
def test_what_differs_beyond_it_is_a_finding(value: float) -> None:
    assert list(peers.compare([RATE], performance_of(value))) == [
        f"experiment_performance: conversion_rate of none is {value}, "
        "computed by statsmodels/scipy 0.25"
    ]


@pytest.mark.parametrize("performance", [{}, {CONTROL: {}}, performance_of(None)])
def test_a_missing_figure_is_a_finding(performance: dict[str, dict[str, object]]) -> None:
    (finding,) = peers.compare([RATE], performance)

    assert "conversion_rate of none is None" in finding


def test_packages_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "PACKAGES", ("scipy", "no_such_package"))

    with pytest.raises(
        SettingError, match=r"no_such_package.*pip install 'pipeline-revisions\[experiments\]'"
    ):
        peers.need()
