"""Each history of the shop, with rows in its stores: up, down and up again, and back to nothing."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.foreign import oracle, traffic
from tests.foreign.stores import SHOP
from tests.pipeline import catalog

pytestmark = [pytest.mark.services, pytest.mark.slow]

READS = "0007"  # from here on ClickHouse reads both topics
BATCH = 30


def revisions(section):
    """A history's revisions from the first to the last."""
    config = Config(str(SHOP / "alembic.ini"), ini_section=section)
    script = ScriptDirectory.from_config(config)
    return [each.revision for each in reversed(list(script.walk_revisions()))]


@pytest.fixture
def move(alembic):
    """Plain Alembic, one history to a revision."""

    def run(*arguments):
        outcome = alembic(*arguments)
        assert outcome.code == 0, f"{arguments}: {outcome.err}{outcome.out}"

    return run


def test_postgres_up_down_and_up_with_rows(shop, move):
    def look():
        return catalog.postgres(shop.databases, shop.stack)

    steps = revisions("alembic")
    seen = {"base": look()}
    for step in steps:
        move("upgrade", step)
        if step == "0003":
            traffic.customers(shop.databases)
        if step >= "0005":
            traffic.serve(shop.databases, BATCH)
        seen[step] = look()

    for step, below in reversed(list(zip(steps, ["base", *steps], strict=False))):
        assert look() == seen[step]
        move("downgrade", below)
        assert look() == seen[below], f"{step} leaves something behind"

    move("upgrade", "head")
    assert look() == seen[steps[-1]]


def test_clickhouse_up_down_and_up_with_rows_and_every_count(shop, move):
    def arrived(step):
        traffic.serve(shop.databases, BATCH)
        if step >= READS:
            oracle.await_equal(shop.databases, step)

    nothing = shop.look()
    move("upgrade", "head")
    traffic.customers(shop.databases)
    steps = revisions("clickhouse")
    seen = {}
    for step in steps:
        move("-n", "clickhouse", "upgrade", step)
        arrived(step)
        seen[step] = shop.made()["tables"]

    for step, below in reversed(list(zip(steps, ["base", *steps], strict=False))):
        move("-n", "clickhouse", "downgrade", below)
        if below != "base":
            arrived(below)
            assert kept(shop.made()["tables"]) == kept(seen[below]), step

    move("-n", "clickhouse", "upgrade", "head")
    arrived(steps[-1])
    assert kept(shop.made()["tables"]) == kept(seen[steps[-1]])
    shop.run("downgrade", "base", "--allow-data-loss")
    assert shop.look() == nothing


def kept(tables):
    """Tables without what a rebuild keeps for the way back, which the next one drops."""
    return [table for table in tables if "__prev" not in table.partition("\t")[0]]
