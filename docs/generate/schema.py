"""The whole schema as one script a store: what the histories make, with the default names."""

from io import StringIO
from pathlib import Path

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import analytics.operations  # noqa: F401  (registers op.*)
from analytics.clickhouse import label
from analytics.clickhouse.definition import parse
from analytics.definitions import OBJECTS
from analytics.directive import Resources
from analytics.history.names import NAMES
from analytics.operations.object import CreateObject
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.settings import Settings, project
from analytics.stores import STORES

ROOT = Path(__file__).parent.parent.parent
FAKE = "not-a-password"
OURS = project(ROOT / "alembic.ini")
SETTINGS = Settings(  # whatever the environment says
    postgres_url="postgresql://postgres:5432/experiments",
    clickhouse_url="clickhouse+http://clickhouse:8123/experiments_analytics",
    kafka_bootstrap_servers="kafka:19092",
    ini=OURS,
    secrets=dict.fromkeys(OURS.secrets, FAKE),
)
CLICKHOUSE = """\
-- The ClickHouse schema as its history leaves it, with the default names. Written by `make docs`.
--
-- To load it into an empty database:
--     clickhouse-client --query "CREATE DATABASE experiments_analytics ENGINE = Atomic"
--     clickhouse-client --database experiments_analytics --multiquery < docs/schema/clickhouse.sql
--     alembic -n clickhouse stamp head
-- Addresses and the password in the named collections are examples: change them here, or later
-- with ALTER NAMED COLLECTION.
"""
POSTGRES = """\
-- The PostgreSQL schema as its history leaves it, with the default names. Written by `make docs`.
--
-- To load it into an empty database, whose server has wal_level = logical:
--     psql --dbname experiments --set ON_ERROR_STOP=1 --file docs/schema/postgres.sql
--     alembic stamp head
-- What belongs to Kafka and Connect, and the roles' passwords, stand in comments.
"""


def clickhouse() -> str:
    """The objects that are there at the head, in the order in which they can be created."""
    script, resources = _history("clickhouse")
    there = dry_run.objects(script, resources).values()
    return "\n".join([CLICKHOUSE, *(f"{_create(each, resources)};\n" for each in there)])


def postgres() -> str:
    """What every revision says, without Alembic's own statements."""
    script, resources = _history("alembic")
    from migrations.schema import metadata  # reading the history has put its place on the path

    out = StringIO()
    options = {
        "as_sql": True,
        "literal_binds": True,
        "output_buffer": out,
        "target_metadata": metadata,  # it names the constraints
        Resources.OPTION: resources,
    }
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        for revision in reversed(list(script.walk_revisions("base", "heads"))):
            out.write(f"-- {revision.revision}: {revision.doc}\n\n")
            revision.module.upgrade()
    return f"{POSTGRES}\n{_tidy(out.getvalue())}"


def _history(section: str) -> tuple[ScriptDirectory, Resources]:
    config = Config(str(ROOT / "alembic.ini"), ini_section=section)
    script = ScriptDirectory.from_config(config)
    store = next(STORES[each.history] for each in NAMES.values() if each.section == section)
    return script, Resources(store, SETTINGS, placeholders(SETTINGS), Path(script.dir))


def _create(directive: CreateObject, resources: Resources) -> str:
    written = resources.read(OBJECTS, directive.object, version=directive.version)
    definition = parse(directive.object, resources.placeholders.reveal(written))
    return definition.create(label.of(directive.object, directive.version, written))


def _tidy(text: str) -> str:
    """One empty line where there are several, and no blanks at the end of a line."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or lines[n - 1]]
    return "\n".join(kept) + "\n"
