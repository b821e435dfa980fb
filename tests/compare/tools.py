"""Three tools with the same migration: an INSERT of 1,000 rows into a table that is there.

Each is used as it says itself: chkit-py 0.2.0 `migrate --apply` with a file of SQL;
ch-migrate-cli 0.6.0 `up` with a file of SQL that empties the table first and waives its check, as
that check advises; ours `alembic -n clickhouse upgrade head` with `op.run_sql(..., once=True)`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

ROWS = 1000
INSERT = f"INSERT INTO {{}}visits SELECT number + sleepEachRow(0.001) FROM numbers({ROWS})"
VENVS = ROOT / ".venv-compare"
CHKIT = """
from chkit import define_config
from chkit_plugin_backfill import backfill

config = define_config({{
    "schema": "./schema/*.py", "outDir": "./out", "migrationsDir": "./migrations",
    "metaDir": "./out/meta",
    "clickhouse": {{"url": "http://127.0.0.1:{port}", "username": "default", "password": "",
                   "database": "{database}"}},
    "plugins": [backfill()],
}})
"""
CH_MIGRATE = """
project: {{name: p}}
defaults: {{port: {port}, secure: false, admin_user: default}}
environments:
  dev: {{host: 127.0.0.1, database: {database}, migration_user: default}}
"""
REVISION = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.run_sql("{insert}", once=True)


def downgrade():
    op.execute("TRUNCATE TABLE IF EXISTS visits")
"""


@dataclass(frozen=True)
class Tool:
    """One of the three, in a project of its own; `versions` counts what it has recorded."""

    name: str
    command: tuple[str, ...]
    versions: str
    folder: Path
    environment: dict[str, str]

    def start(self) -> subprocess.Popen[bytes]:
        """The command that migrates."""
        return subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def chkit(folder: Path, port: int, database: str, _postgres: str) -> Tool:
    (folder / "migrations").mkdir()
    (folder / "schema").mkdir()
    (folder / "clickhouse.config.py").write_text(CHKIT.format(port=port, database=database))
    insert = INSERT.format(f"{database}.")
    (folder / "migrations" / "20260101000000_fill.sql").write_text(f"{insert};\n")
    return Tool(
        "chkit-py 0.2.0",
        (str(VENVS / "chkit/bin/chkit"), "migrate", "--apply"),
        "SELECT count() FROM _chkit_migrations",
        folder,
        {},
    )


def ch_migrate(folder: Path, port: int, database: str, _postgres: str) -> Tool:
    program = str(VENVS / "ch-migrate/bin/ch-migrate")
    secrets = {"CH_DEV_MIGRATION_PASSWORD": "x", "CH_DEV_ADMIN_PASSWORD": "x"}

    def run(*arguments: str) -> None:
        subprocess.run(
            [program, *arguments],
            cwd=folder,
            env=os.environ | secrets,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    run("init", "--name", "p")
    (folder / "config.yaml").write_text(CH_MIGRATE.format(port=port, database=database))
    run("new", "dev", "fill")
    (file,) = folder.rglob("*.up.sql")
    waiver = "-- ch-migrate: allow-non-idempotent the table is emptied before"
    insert = INSERT.format("{db}.")
    file.write_text(f"TRUNCATE TABLE {{db}}.visits;\n{waiver}\n{insert};\n")
    return Tool(
        "ch-migrate-cli 0.6.0",
        (program, "up", "dev"),
        "SELECT count() FROM alembic_version",
        folder,
        secrets,
    )


def ours(folder: Path, port: int, database: str, postgres: str) -> Tool:
    (folder / "alembic.ini").write_text((ROOT / "alembic.ini").read_text())
    (folder / "migrations_ch" / "versions").mkdir(parents=True)
    env = 'from analytics import environment\n\nenvironment.run("clickhouse")\n'
    (folder / "migrations_ch" / "env.py").write_text(env)
    revision = REVISION.format(insert=INSERT.format(""))
    (folder / "migrations_ch" / "versions" / "0001_fill.py").write_text(revision)
    return Tool(
        "analytics",
        (sys.executable, "-m", "alembic", "-n", "clickhouse", "upgrade", "head"),
        "SELECT count() FROM alembic_version",
        folder,
        {
            "PYTHONPATH": str(ROOT),
            "ANALYTICS_POSTGRES_URL": postgres,
            "ANALYTICS_CLICKHOUSE_URL": f"clickhouse+http://default@127.0.0.1:{port}/{database}",
        },
    )


TOOLS = (ours, chkit, ch_migrate)
