"""Generated histories, moved by our environment, by a bare one and by chkit-py."""

from __future__ import annotations

from pathlib import Path

INI = """
[alembic]
script_location = %(here)s/migrations
[clickhouse]
script_location = %(here)s/migrations_ch
"""
OURS = 'from analytics import environment\n\nenvironment.run("{history}")\n'
BARE = """
import os

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

{imports}
with create_engine(os.environ["BARE_{name}_URL"], poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""
CLICKHOUSE_IMPL = """
from alembic.ddl.impl import DefaultImpl
from sqlalchemy import Column, MetaData, String, Table, text
from clickhouse_sqlalchemy import engines


class Impl(DefaultImpl):
    __dialect__ = "clickhouse"
    transactional_ddl = False

    def version_table_impl(self, *, version_table, **_):
        return Table(version_table, MetaData(), Column("version_num", String),
                     engines.MergeTree(order_by=text("tuple()")))
"""
REVISION = '''"""Make table t{number}."""

from alembic import op
import sqlalchemy as sa

revision = "{number:04}"
down_revision = {below!r}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''
POSTGRES = (
    'op.create_table("t{n}", sa.Column("id", sa.Integer, primary_key=True),'
    ' sa.Column("name", sa.Text))',
    'op.drop_table("t{n}")',
)
CLICKHOUSE = (
    'op.execute("CREATE TABLE IF NOT EXISTS t{n} (id Int64) ENGINE = MergeTree ORDER BY id")',
    'op.execute("DROP TABLE IF EXISTS t{n}")',
)
OBJECT = ('op.create_object("t{n}", version=1)', 'op.drop_object("t{n}")')
DEFINITION = "CREATE TABLE t{n}\n(\n    id Int64\n)\nENGINE = MergeTree\nORDER BY id\n"
CHKIT = """
from chkit import define_config

config = define_config({{
    "schema": "./schema/*.py", "outDir": "./out", "migrationsDir": "./migrations",
    "metaDir": "./out/meta",
    "clickhouse": {{"url": "http://127.0.0.1:{port}", "username": "default", "password": "",
                   "database": "{database}"}},
}})
"""
MIGRATION = (
    "CREATE TABLE IF NOT EXISTS {database}.t{n} (id Int64) ENGINE = MergeTree ORDER BY id;\n"
)


def objects(folder: Path, count: int) -> Path:
    """A project whose ClickHouse history makes each table by its definition."""
    write(folder, postgres=1, clickhouse=count, bare=False, clickhouse_ways=OBJECT)
    definitions = folder / "migrations_ch" / "objects"
    definitions.mkdir()
    for number in range(1, count + 1):
        (definitions / f"t{number}_v01.sql").write_text(DEFINITION.format(n=number))
    return folder


def chkit(folder: Path, count: int, *, port: int | None, database: str) -> Path:
    """The same tables as migrations of chkit-py."""
    for each in ("migrations", "schema"):
        (folder / each).mkdir(parents=True)
    (folder / "clickhouse.config.py").write_text(CHKIT.format(port=port, database=database))
    for number in range(1, count + 1):
        text = MIGRATION.format(database=database, n=number)
        (folder / "migrations" / f"2026010100{number:04}_t{number}.sql").write_text(text)
    return folder


def write(
    folder: Path,
    *,
    postgres: int,
    clickhouse: int,
    bare: bool,
    clickhouse_ways: tuple[str, str] = CLICKHOUSE,
) -> Path:
    """A project with that many revisions in each history."""
    folder.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    for place, history, count, (up, down) in (
        ("migrations", "postgres", postgres, POSTGRES),
        ("migrations_ch", "clickhouse", clickhouse, clickhouse_ways),
    ):
        (folder / place / "versions").mkdir(parents=True)
        imports = CLICKHOUSE_IMPL if history == "clickhouse" else ""
        env = (BARE if bare else OURS).format(
            history=history, name=history.upper(), imports=imports
        )
        (folder / place / "env.py").write_text(env)
        for number in range(1, count + 1):
            text = REVISION.format(
                number=number,
                below=f"{number - 1:04}" if number > 1 else None,
                up=up.format(n=number),
                down=down.format(n=number),
            )
            (folder / place / "versions" / f"{number:04}_t{number}.py").write_text(text)
    return folder
