"""Generated histories, moved by our environment and by a bare one."""

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


def write(folder: Path, *, postgres: int, clickhouse: int, bare: bool) -> Path:
    """A project with that many revisions in each history."""
    folder.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI)
    for place, history, count, (up, down) in (
        ("migrations", "postgres", postgres, POSTGRES),
        ("migrations_ch", "clickhouse", clickhouse, CLICKHOUSE),
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
