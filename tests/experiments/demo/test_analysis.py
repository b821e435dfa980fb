"""The output of the analysis: figures beside those of others, and whether they are equal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analytics.experiments.demo import analysis
from analytics.experiments.demo.peers import Figure
from analytics.experiments.demo.thornton import CONTROL, TREATMENT, Arm

FIGURES = [Figure(CONTROL, "conversion_rate", 0.25), Figure(TREATMENT, "z_score", 2.5)]


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_figure_stands_beside_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    performance = {CONTROL: {"conversion_rate": 0.25}, TREATMENT: {"z_score": 2.6}}

    analysis.beside(FIGURES, performance)

    assert lines(capsys)[-2:] == [
        "conversion rate of none 0.25 0.25 same",
        "z score 2.6 2.5 different",
    ]


def test_a_missing_figure_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    analysis.beside(FIGURES, {})

    assert lines(capsys)[-1] == "z score - 2.5 different"


def test_the_ledger_stands_beside_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = {"classic": Arm(2, 1, Decimal("9.5")), "express": Arm(1, 1, Decimal(3))}

    analysis.ledger("shop", wanted, {"classic": Arm(2, 1, Decimal("9.5000"))})

    assert lines(capsys)[-2:] == [
        "classic 2 1 9.50 2 1 9.50 same",
        "express 0 0 0.00 1 1 3.00 different",
    ]
