"""Recipes that people copy, under the same load and the same oracles: they must fail here.

A suite in which one of them passes could not tell a rebuild that works from one that does not.
"""

from __future__ import annotations

import time

import pytest

from tests.rebuild import ledger, oracles
from tests.rebuild.chain import SELECT_HOURLY
from tests.rebuild.stage import Stage

pytestmark = [pytest.mark.services, pytest.mark.slow]

SELECT = SELECT_HOURLY.replace("{more}", "").replace("{where}", "true")
VIEW = f"CREATE MATERIALIZED VIEW hourly_mv TO hourly AS {SELECT}"
INSERT = f"INSERT INTO hourly {SELECT}"
FRESH = [f"fresh{number}" for number in range(5)]


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


def snapshot_without_a_barrier(stage: Stage) -> None:
    """A cycle that runs is not in the copy, and has begun before the new view: most of the time."""
    for fresh in FRESH:
        stage.ask(f"CREATE TABLE {fresh} AS hourly")
        stage.ask(f"CREATE TABLE {fresh}_copy AS events")
        stage.ask(f"CREATE MATERIALIZED VIEW {fresh}_mv TO {fresh} AS {SELECT}")
        stage.ask(f"ALTER TABLE {fresh}_copy ATTACH PARTITION ALL FROM events")
        stage.ask(f"INSERT INTO {fresh} {SELECT}".replace("FROM events", f"FROM {fresh}_copy"))
        time.sleep(0.13)


def exchange_with_the_views_left(stage: Stage) -> None:
    """The view of the former table goes on writing, into the new one."""
    stage.ask("CREATE TABLE fresh AS hourly")
    stage.ask(f"INSERT INTO fresh {SELECT}")
    stage.ask("EXCHANGE TABLES hourly AND fresh")


def rename_a_source(stage: Stage) -> None:
    """A cycle meets half of it, fails, and is sent again."""
    stage.ask("RENAME TABLE events TO former")
    time.sleep(1)
    stage.ask("RENAME TABLE former TO events")


def a_view_that_throws(stage: Stage) -> None:
    """Each cycle fails after the landing table has its rows, and is sent again."""
    stage.ask("CREATE TABLE strict (id UInt64) ENGINE = Null")
    stage.ask("CREATE MATERIALIZED VIEW strict_mv TO strict AS SELECT throwIf(1) AS id FROM events")
    time.sleep(2)
    stage.ask("DROP VIEW strict_mv")


RECIPES = [
    create_then_insert,
    insert_then_create,
    detach_one_of_two,
    snapshot_without_a_barrier,
    exchange_with_the_views_left,
    rename_a_source,
    a_view_that_throws,
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_without_a_barrier_fails_the_oracles(recipe, live):
    with ledger.sending(live) as sent:
        time.sleep(2)
        recipe(live)
        time.sleep(1)
    time.sleep(3)
    if recipe is snapshot_without_a_barrier:  # now, in peace, where nothing else goes wrong
        worst = min(FRESH, key=lambda t: int(live.ask(f"SELECT sum(messages) FROM {t}")[0][0]))
        live.ask(f"EXCHANGE TABLES hourly AND {worst}")

    assert oracles.faults(live, sent, hourly=1, daily=1) != []
