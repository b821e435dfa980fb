"""The generated schema scripts load into empty databases, and make what the histories make."""

import re

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from analytics.directive import Resources
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.stores import STORES
from tests.conftest import ROOT
from tests.local.embedded.serving import start
from tests.ours import DEMO
from tests.pipeline import catalog
from tests.scripts import statements

SCHEMA = ROOT / "docs/schema"
THERE = """
    SELECT name FROM system.tables WHERE database = currentDatabase()
    UNION ALL SELECT name FROM system.functions WHERE origin = 'SQLUserDefined'
    UNION ALL SELECT name FROM system.named_collections"""
OUTSIDE = ("topics", "connectors")


@pytest.fixture
def empty_clickhouse(tmp_path):
    serving = start(tmp_path / "data")
    yield serving
    serving.stop()


def names_in_the_history():
    """The objects at the heads, under the names that they have in the database."""
    config = Config(str(ROOT / "alembic.ini"), ini_section="clickhouse")
    names = placeholders(DEMO, lenient=True)
    resources = Resources(STORES["clickhouse"], DEMO, names, ROOT / "migrations_ch")
    there = dry_run.objects(ScriptDirectory.from_config(config), resources)
    return sorted(names.fill(f"${{{n}}}") if n in names.known else n for n in there)


def test_the_clickhouse_script_loads_statement_by_statement(empty_clickhouse):
    for statement in statements((SCHEMA / "clickhouse.sql").read_text()):
        empty_clickhouse.sql(statement)

    assert sorted(empty_clickhouse.sql(THERE).split()) == names_in_the_history()


@pytest.mark.services
def test_the_postgres_script_makes_what_the_history_makes(databases, stack, alembic):
    def look():
        found = catalog.postgres(databases, stack)
        return {part: rows for part, rows in found.items() if part not in OUTSIDE}

    assert alembic("upgrade", "head").code == 0
    migrated = look()
    assert alembic("downgrade", "base").code == 0
    script = (SCHEMA / "postgres.sql").read_text()
    named = re.sub(
        r"\bexperiments_(?=pub\b|slot\b|debezium\b|clickhouse\b)", databases.name + "_", script
    )

    with databases.postgres() as connection:
        for statement in statements(named):
            connection.execute(statement)

    assert look() == migrated
    assert (
        alembic("stamp", "head").code == 0
    )  # so that the roles and the slot are dropped at the end


@pytest.mark.parametrize("name", ["clickhouse.sql", "postgres.sql"])
def test_a_script_has_every_placeholder_filled_and_no_real_password(name):
    script = (SCHEMA / name).read_text()

    assert not re.search(r"\$\{(?!env:)", script)
    assert set(re.findall(r"\bpassword\s*=\s*'([^']*)'", script)) <= {"not-a-password"}
