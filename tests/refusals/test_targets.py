"""Targets that cannot be meant or reached: what is there is listed, or the command is named."""

import pytest

from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services


@pytest.fixture
def shop(stores):
    """Two revisions in each history, all applied."""
    for store in ("postgres", "clickhouse"):
        stores.revise(store, "0002")
    stores.passes("analytics upgrade")
    return stores


@walks("history/selection.py: {} of which history")
def test_steps_of_no_history(shop):
    said = shop.refused("analytics downgrade -- -1", "-1 of which history")

    target = said.text.split("write ")[1].split(" or ")[0]

    shop.passes(f"analytics downgrade {target}")


@walks("history/selection.py: both histories have a revision {}")
def test_a_number_of_both_histories(shop):
    said = shop.refused("analytics downgrade 0001", "0001")
    first, second = said.text.split("write ")[1].split(", or both")[0].split(" or ")

    shop.passes(f"analytics downgrade {first} {second}")


@walks("history/selection.py: no history has a revision {}")
def test_a_revision_of_no_history(shop):
    shop.follow(shop.refused("analytics downgrade 0009", "0009"), "analytics history")

    shop.passes("analytics downgrade clickhouse@0001")


@walks("history/selection.py: there is no history {}")
def test_a_history_that_does_not_exist(shop):
    said = shop.refused("analytics downgrade kafka@0001", "kafka")

    assert "write postgres@ or clickhouse@" in said.text
    shop.passes("analytics downgrade clickhouse@0001")


@walks("history/selection.py: {} has two targets")
def test_two_targets_of_one_history(shop):
    shop.refused("analytics downgrade base postgres@0001", "postgres")

    shop.passes("analytics downgrade clickhouse@base postgres@0001")


@walks("history/targets.py: {} leads nowhere: only {} steps are possible")
def test_more_steps_than_there_are(shop):
    shop.refused("analytics downgrade postgres@-3", "-3", "only 2 steps")

    shop.passes("analytics downgrade postgres@0001")


@walks("history/targets.py: {} has no revision {}")
def test_a_revision_that_its_history_lacks(shop):
    said = shop.refused("analytics downgrade postgres@0009", "0009", "migrations/versions")

    shop.follow(said, "analytics history")
    shop.passes("analytics downgrade postgres@0001")


@walks("history/targets.py: revision {} is not applied")
def test_a_target_below_which_the_store_is(shop):
    shop.passes("analytics downgrade postgres@0001")
    shop.refused("analytics downgrade postgres@0002", "0002")

    shop.passes("analytics downgrade postgres@base")


@walks("history/targets.py: {} {}")
def test_a_beginning_of_two_numbers(shop):
    said = shop.refused("analytics downgrade postgres@000", "is the beginning of 0001, 0002")

    assert "name a revision with its id" in said.text
    shop.passes("analytics downgrade postgres@0001")


@walks(
    "environment.py: {}: `{} history` lists those that have a file; if the database is at "
    "another one, `{} stamp --purge REVISION` records where it really is"
)
def test_a_revision_that_plain_alembic_does_not_find(shop, databases):
    said = shop.refused("alembic -n clickhouse upgrade 0009", "0009")
    shop.follow(said, "alembic -n clickhouse history")
    shop.passes("alembic -n clickhouse upgrade 0002")

    lost = (shop.folder / "migrations_ch" / "versions" / "0002_test.py").rename(
        shop.folder / "0002_test.py"
    )
    said = shop.refused("alembic -n clickhouse upgrade head", "0002")
    shop.passes(said.commands[1].replace("REVISION", "0001"))
    shop.passes("alembic -n clickhouse upgrade head")
    assert databases.clickhouse("SELECT version_num FROM alembic_version") == [["0001"]]
    assert lost.exists()


@walks("history/graph.py: the database is at revision {}, which {} does not have")
@pytest.mark.parametrize(
    "key", ["history/graph.py: the database is at revision {}, which {} does not have"]
)
@pytest.mark.parametrize(
    ("store", "folder"), [("postgres", "migrations"), ("clickhouse", "migrations_ch")]
)
def test_a_store_at_a_revision_without_a_file(key, store, folder, shop):
    (shop.folder / folder / "versions" / "0002_test.py").unlink()
    said = shop.refused("analytics status", "0002", folder)
    (stamp,) = said.commands
    assert f"{store}@" in stamp

    shop.passes(stamp.replace("REVISION", "0001"))

    shop.passes("analytics status")


@walks("history/project.py: there is no folder {}")
def test_a_history_without_its_folder(shop):
    ini, text = shop.folder / "alembic.ini", (shop.folder / "alembic.ini").read_text()
    edit(ini, "%(here)s/migrations_ch", "%(here)s/nowhere")
    shop.refused("analytics upgrade", "nowhere/versions", str(ini))

    edit(ini, "%(here)s/nowhere", "%(here)s/migrations_ch")

    assert ini.read_text() == text
    shop.passes("analytics upgrade")
