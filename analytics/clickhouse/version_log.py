"""Alembic's version table on ClickHouse: an append-only log and a view of its newest state.

Moving a head is one INSERT of one block, so a crash leaves either all of the move or nothing.
A ReplacingMergeTree or an UPDATE, as others use them, loses heads.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Column, MetaData, String, Table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, ColumnElement
from sqlalchemy.sql.base import Executable

LOG = """\
CREATE TABLE IF NOT EXISTS {log}
(
    version_num String,
    op          Enum8('add' = 1, 'del' = -1),
    seq         UInt64,
    at          DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    run_id      String DEFAULT ''
)
ENGINE = MergeTree
ORDER BY seq"""

VIEW = """\
CREATE VIEW IF NOT EXISTS {view} AS
SELECT version_num
FROM {log}
GROUP BY version_num
HAVING argMax(op, seq) = 'add'"""

MOVE = """\
INSERT INTO {log} (version_num, op, seq)
SETTINGS async_insert = 0, insert_deduplication_token = '{token}'
SELECT version_num, op, (SELECT max(seq) + 1 FROM {log})
FROM values('version_num String, op String', {rows})"""

CLEAR = """\
INSERT INTO {log} (version_num, op, seq)
SETTINGS async_insert = 0, insert_deduplication_token = '{token}'
SELECT version_num, 'del', (SELECT max(seq) + 1 FROM {log})
FROM {view}"""


class VersionTable(Table):
    """The table that Alembic uses as its version table: each write becomes lines of the log."""

    inherit_cache = True

    def create(self, bind: Any, checkfirst: Any = False) -> None:
        """Create the log and its view; both statements may run again."""
        for statement in (LOG, VIEW):
            bind.execute(text(statement.format(log=f"{self.name}_log", view=self.name)))

    def insert(self) -> Move:  # type: ignore[override]
        """A move that adds a head: Alembic calls `.values(version_num=...)` on it."""
        return Move(self.name)

    def update(self) -> Move:  # type: ignore[override]
        """A move from one head to another: `.values(...)` and `.where(...)` follow."""
        return Move(self.name)

    def delete(self) -> Move:  # type: ignore[override]
        """A move that removes a head, or without `.where(...)` all heads."""
        return Move(self.name)


class Move(Executable, ClauseElement):
    """One INSERT that adds and removes heads."""

    inherit_cache = False

    def __init__(self, view: str) -> None:
        self.view = view
        self.rows: list[tuple[str, str]] = []

    def values(self, *, version_num: ColumnElement[str]) -> Move:
        """The head to add; Alembic passes it as a quoted literal column."""
        self.rows.append((str(version_num), "add"))
        return self

    def where(self, clause: Any) -> Move:
        """The head to remove: `version_num = '...'`."""
        self.rows.append((str(clause.right), "del"))
        return self


@compiles(Move)
def _compile_move(move: Move, compiler: Any, **_: Any) -> str:
    names = {"log": f"{move.view}_log", "view": move.view, "token": uuid4()}
    rows = ", ".join(f"({version}, '{op}')" for version, op in move.rows)
    return (MOVE if rows else CLEAR).format(rows=rows, **names)


def version_table(name: str) -> VersionTable:
    """The version table, under the name that Alembic was configured with."""
    return VersionTable(name, MetaData(), Column("version_num", String(32), nullable=False))
