"""Each history of the shop, with rows in its stores: up, down and up again, and back to nothing."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.foreign import oracle, traffic
from tests.foreign.stores import SHOP
from tests.pipeline import catalog

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=1)]

READS = "0007"  # from here on ClickHouse reads both topics
REBUILDS = "0008"  # the last one before those that rebuild a view
BATCH = 30
TITLES = "SELECT title, shop.label(title) FROM shop.products WHERE id IN (1, 4) ORDER BY id"


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
    with shop.databases.postgres() as connection:
        assert list(connection.execute(TITLES)) == [
            ("Socks: 50% wool :new", "Socks (20%)"),
            ("Chocolate %s 85 %", "Chocolate %s 85 % (17%)"),
        ]


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
            found = shop.made()["tables"]
            assert kept(found) == kept(seen[below]), step
            assert below > REBUILDS or found == seen[below], step

    move("-n", "clickhouse", "upgrade", "head")
    arrived(steps[-1])
    assert kept(shop.made()["tables"]) == kept(seen[steps[-1]])
    shop.run("downgrade", "base", "--allow-data-loss")
    assert shop.look() == nothing


def kept(tables):
    """Tables without what a rebuild keeps for the way back, which the next one drops."""
    return [table for table in tables if "__prev" not in table.partition("\t")[0]]
