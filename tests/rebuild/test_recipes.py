"""The recipes that people copy, under the same load and the same oracles: they must fail here.

A suite in which one of them passes could not tell a rebuild that works from one that does not.
"""

from __future__ import annotations

import time

import pytest

from tests.rebuild import ledger, oracles
from tests.rebuild.stage import SELECT_HOURLY, Stage

pytestmark = [pytest.mark.services, pytest.mark.slow]

SELECT = SELECT_HOURLY.replace("{more}", "").replace("{where}", "true")
VIEW = f"CREATE MATERIALIZED VIEW hourly_mv TO hourly AS {SELECT}"
INSERT = f"INSERT INTO hourly {SELECT}"


def create_then_insert(stage: Stage) -> None:
    """The overlap is counted twice."""
    stage.ask("DROP VIEW hourly_mv")
    stage.ask("TRUNCATE TABLE hourly")
    stage.ask("TRUNCATE TABLE daily")
    stage.ask(VIEW)
    time.sleep(1)
    stage.ask(INSERT)


def insert_then_create(stage: Stage) -> None:
    """What comes in between is lost."""
    stage.ask("DROP VIEW hourly_mv")
    stage.ask("TRUNCATE TABLE hourly")
    stage.ask("TRUNCATE TABLE daily")
    stage.ask(INSERT)
    time.sleep(1)
    stage.ask(VIEW)


def detach_one_of_two(stage: Stage) -> None:
    """The other view moves the offsets on."""
    stage.ask("DETACH TABLE landing_mv SYNC")
    time.sleep(2)
    stage.ask("ATTACH TABLE landing_mv")


@pytest.mark.parametrize("recipe", [create_then_insert, insert_then_create, detach_one_of_two])
def test_a_recipe_without_a_barrier_fails_the_oracles(recipe, live):
    with ledger.sending(live) as sent:
        time.sleep(2)
        recipe(live)
        time.sleep(1)
    time.sleep(3)

    assert oracles.faults(live, sent, hourly=1, daily=1) != []
