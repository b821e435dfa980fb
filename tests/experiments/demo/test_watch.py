"""The error of a time-out names the stages that lack rows, and where to look first."""

from __future__ import annotations

import pytest

from analytics.experiments.demo import watch
from analytics.experiments.demo.watch import Stage


def test_a_stage_lacks_what_has_not_passed_it() -> None:
    assert Stage("captured", done=3, expected=10).lacks == 7


def test_a_stage_that_more_has_passed_lacks_nothing() -> None:
    assert Stage("captured", done=11, expected=10).lacks == 0


def test_a_time_out_names_each_stage_that_lacks_something() -> None:
    stages = [
        Stage("committed", done=7624, expected=7624),
        Stage("captured", done=7000, expected=7624),
        Stage("events_processed", done=4000, expected=4790),
    ]

    assert watch.too_late(stages, 120).thing == (
        "120 s after the last commit captured lacks 624 of 7,624, "
        "events_processed lacks 790 of 4,790"
    )


@pytest.mark.parametrize("name", watch.WHERE_TO_LOOK)
def test_a_time_out_says_where_to_look_first(name: str) -> None:
    stages = [Stage(name, done=0, expected=1), Stage("hourly statistics", done=0, expected=1)]

    assert watch.too_late(stages, 120).remedy.startswith(watch.WHERE_TO_LOOK[name])


def test_a_time_out_of_the_latency_alone_says_so() -> None:
    late = watch.too_late([Stage("captured", done=1, expected=1)], 5)

    assert late.thing == "5 s after the last commit not every timed commit was seen"
