"""A small project with both histories, written for a test, and its releases as processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.conftest import ROOT

ENV = 'from analytics import environment\n\nenvironment.run("{store}")\n'

POSTGRES = {
    "0001": (
        'op.execute("CREATE TABLE people (id integer PRIMARY KEY, name text)")\n'
        "op.run_sql(\"INSERT INTO people SELECT n, 'p' || n FROM generate_series(1, 50) AS n\", "
        "once=True)",
        'op.execute("DROP TABLE people")',
    ),
    "0002": (
        "with op.get_context().autocommit_block():\n"
        '    op.create_index("people_name", "people", ["name"], postgresql_concurrently=True)',
        "with op.get_context().autocommit_block():\n"
        '    op.execute("DROP INDEX CONCURRENTLY IF EXISTS people_name")',
    ),
    "0003": (
        'op.create_publication("${publication}", tables=["people"])',
        'op.drop_publication("${publication}")',
    ),
    "0004": ('op.create_replication_slot("${slot}")', 'op.drop_replication_slot("${slot}")'),
}
CLICKHOUSE = {
    "0001": (
        'op.create_object("visits", version=1)\n'
        'op.run_sql("INSERT INTO visits SELECT number FROM numbers(1000)", once=True)',
        'op.drop_object("visits")',
    ),
    "0002": (
        'op.execute("ALTER TABLE visits ADD COLUMN IF NOT EXISTS page UInt8 DEFAULT n % 10")\n'
        'op.create_object("pages", version=1)\n'
        'op.create_object("busy", version=1)',
        'op.drop_object("busy")\n'
        'op.drop_object("pages")\n'
        'op.execute("ALTER TABLE visits DROP COLUMN IF EXISTS page")',
    ),
}
OBJECTS = {
    "visits": "CREATE TABLE visits\n(\n    n UInt64\n)\nENGINE = MergeTree\nORDER BY n",
    "pages": "CREATE VIEW pages AS\nSELECT page, count() AS n\nFROM visits\nGROUP BY page",
    "busy": "CREATE FUNCTION {name}_busy AS (n) -> n > 99",
}
REPLACEMENT = (
    'op.replace_connector("experiments", "next", version=1)',
    'op.replace_connector("next", "experiments", version=1)\n'
    'op.remove_connector("next")\n'
    'op.drop_replication_slot("${slot}_next")',
)
NEXT = {"name": "${connector}_next", "slot.name": "${slot}_next"}
CHANGES = (
    'op.alter_publication("${publication}", add=["experiments.users"])\n'
    'op.change_topic("${topic}", config={"retention.ms": "7200000"})',
    'op.change_topic("${topic}", config={"retention.ms": None})\n'
    'op.alter_publication("${publication}", remove=["experiments.users"])',
)
OTHER_VIEWS = (
    'op.change_view("daily_stats_mv", version=2)\n'
    'op.recreate_kafka_table("raw_events_kafka", version=2)\n'
    'op.allow_loss("raw_events", "nothing has expired")\n'
    'op.allow_loss("events_processed", "nothing has expired")\n'
    'op.replay(from_table="raw_events", into="events_processed")\n'
    'op.forget_previous("events_processor_mv")',
    'op.recreate_kafka_table("raw_events_kafka", version=1)\n'
    'op.change_view("daily_stats_mv", version=1)',
)
"""What none of our own revisions does."""
REVISION = '''\
"""A revision of a test."""

from alembic import op

revision = "{id}"
down_revision = {below!r}


def upgrade():
    {up}


def downgrade():
    {down}
'''


@dataclass(frozen=True)
class Project:
    """A folder with alembic.ini and both histories."""

    folder: Path

    def start(self, store: str, verb: str, **environment: str) -> subprocess.Popen[str]:
        """Plain Alembic, all the way up or down, in a process of its own."""
        section = "alembic" if store == "postgres" else store
        target = "head" if verb == "upgrade" else "base"
        return subprocess.Popen(
            [sys.executable, "-m", "alembic", "-n", section, verb, target],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start_release(
        self, *arguments: str, stdin: int | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """A command of ours, over both stores, in a process of its own."""
        code = "from analytics.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, store: str, verb: str, **environment: str) -> tuple[int, str]:
        """The same, to its end: exit code and output."""
        process = self.start(store, verb, **environment)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code of a release, and what it said: results, then errors."""
    output, errors = process.communicate(timeout=120)
    return process.returncode, output + errors


def with_every_operation(folder: Path) -> Project:
    """A copy of our own histories, at whose heads are the operations that they do not have."""
    for place in ("migrations", "migrations_ch"):
        shutil.copytree(ROOT / place, folder / place)
    shutil.copy(ROOT / "alembic.ini", folder)
    connectors = folder / "migrations/connectors"
    definition = json.loads((connectors / "experiments_v01.json").read_text()) | NEXT
    (connectors / "next_v01.json").write_text(json.dumps(definition))
    for name in ("daily_stats_mv", "raw_events_kafka"):
        first = (folder / f"migrations_ch/objects/{name}_v01.sql").read_text()
        (folder / f"migrations_ch/objects/{name}_v02.sql").write_text(f"-- again\n{first}")
    for place, number, functions in (
        ("migrations", 10, REPLACEMENT),
        ("migrations", 11, CHANGES),
        ("migrations_ch", 20, OTHER_VIEWS),
    ):
        up, down = (text.replace("\n", "\n    ") for text in functions)
        text = REVISION.format(id=f"{number:04}", below=f"{number - 1:04}", up=up, down=down)
        (folder / place / f"versions/{number:04}_test.py").write_text(text)
    return Project(folder)


def write(folder: Path, name: str) -> Project:
    """The project, its objects' names made unique where the server shares them."""
    (folder / "alembic.ini").write_text((ROOT / "alembic.ini").read_text())
    for place, store, history in (
        ("migrations", "postgres", POSTGRES),
        ("migrations_ch", "clickhouse", CLICKHOUSE),
    ):
        (folder / place / "versions").mkdir(parents=True)
        (folder / place / "env.py").write_text(ENV.format(store=store))
        below = None
        for each, (up, down) in history.items():
            said = {"up": up.replace("\n", "\n    "), "down": down.replace("\n", "\n    ")}
            text = REVISION.format(id=each, below=below, **said)
            (folder / place / "versions" / f"{each}_test.py").write_text(text)
            below = each
    (folder / "migrations_ch" / "objects").mkdir()
    for each, text in OBJECTS.items():
        path = folder / "migrations_ch" / "objects" / f"{each}_v01.sql"
        path.write_text(dedent(text).format(name=name) + "\n")
    return Project(folder)
