"""Percentiles: figures that were measured, by the nearest rank."""

from __future__ import annotations

import pytest

from analytics.experiments.demo.latency import percentile


@pytest.mark.parametrize(
    ("percent", "expected"), [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)]
)
def test_the_nearest_rank_of_a_textbook_example(percent: float, expected: float) -> None:
    assert percentile([35, 20, 15, 50, 40], percent) == expected


def test_of_three_hundred_the_fourth_slowest_is_the_99th_percentile() -> None:
    assert percentile(range(1, 301), 99) == 297


def test_one_figure_is_every_percentile() -> None:
    assert [percentile([7.5], percent) for percent in (1, 50, 99)] == [7.5, 7.5, 7.5]
