"""Each history, up, down and up again: the way back is nobody's to forget."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.conftest import ROOT
from tests.pipeline import catalog

pytestmark = pytest.mark.services

STORES = {"alembic": catalog.postgres, "clickhouse": catalog.clickhouse}


def revisions(section):
    """A history's revisions from the first to the last."""
    config = Config(str(ROOT / "alembic.ini"), ini_section=section)
    script = ScriptDirectory.from_config(config)
    return [r.revision for r in reversed(list(script.walk_revisions()))]


@pytest.mark.parametrize("section", STORES)
def test_every_step_down_undoes_its_step_up(section, databases, stack, alembic):
    def run(*arguments):
        outcome = alembic("-n", section, *arguments)
        assert outcome.code == 0, outcome.err

    def look():
        return without_groups(STORES[section](databases, stack))

    steps = revisions(section)
    if section == "clickhouse":  # what it reads must be there
        assert alembic("upgrade", "head").code == 0
    seen = {"base": look()}
    for revision in steps:
        run("upgrade", revision)
        seen[revision] = look()

    for revision, below in reversed(list(zip(steps, ["base", *steps], strict=False))):
        assert look() == seen[revision]
        run("downgrade", below)
        assert look() == seen[below], f"{revision} leaves something behind"

    run("upgrade", "head")
    assert look() == seen[steps[-1]]


@pytest.mark.parametrize("section", STORES)
def test_downgrade_base_leaves_nothing_behind(section, databases, stack, alembic):
    nothing = STORES[section](databases, stack)
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0

    assert alembic("-n", "clickhouse", "downgrade", "base").code == 0
    assert alembic("downgrade", "base").code == 0

    assert STORES[section](databases, stack) == nothing


@pytest.mark.parametrize("section", STORES)
def test_check_finds_the_database_as_the_history_makes_it(section, databases, alembic):
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", section, "upgrade", "head").code == 0

    assert alembic("-n", section, "check").code == 0


def test_check_names_what_is_missing_in_clickhouse(databases, alembic):
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    databases.clickhouse("DROP VIEW user_stats_mv")

    outcome = alembic("-n", "clickhouse", "check")

    assert outcome.code != 0
    assert "('create_object', 'user_stats_mv', 1)" in outcome.err


def test_check_names_what_differs_in_postgres(databases, alembic):
    assert alembic("upgrade", "head").code == 0
    with databases.postgres() as connection:
        connection.execute("ALTER TABLE experiments.users DROP COLUMN country")

    outcome = alembic("check")

    assert outcome.code != 0
    assert "country" in outcome.err


@pytest.mark.parametrize("section", STORES)
def test_the_script_of_a_whole_history_needs_no_server(section, alembic):
    up = alembic("-n", section, "upgrade", "head", "--sql")
    down = alembic("-n", section, "downgrade", f"{revisions(section)[-1]}:base", "--sql")

    assert (up.code, down.code) == (0, 0)
    assert "password = '${clickhouse_role_password}'" in up.out or section == "alembic"


def without_groups(found):
    """A group appears when its consumer joins, not when the table is made."""
    return {part: rows for part, rows in found.items() if part != "groups"}
