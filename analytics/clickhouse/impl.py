"""Alembic's implementation for ClickHouse: the one module here that knows Alembic.

Upstream's (`clickhouse_sqlalchemy.alembic`) does not import on Alembic >= 1.15 and loses heads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alembic.ddl.impl import DefaultImpl
from sqlalchemy import Table
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql.base import Executable

from analytics.clickhouse import client, sending, version_log
from analytics.journal.steps import Steps
from analytics.journal.work import statement
from analytics.sql.tokens import CLICKHOUSE, terminated


class ClickHouseImpl(DefaultImpl):
    """Statements are sent as they are written; there is no transactional DDL."""

    __dialect__ = "clickhouse"
    transactional_ddl = False
    command_terminator = ";\n"

    def version_table_impl(self, *, version_table: str, **_: Any) -> Table:
        """The append-only log and its view, under the name that Alembic was given."""
        return version_log.version_table(version_table)

    def _exec(
        self, construct: Executable | str, *args: Any, **kwargs: Any
    ) -> CursorResult[Any] | None:
        """Send a statement of a revision as a step, unless a step already runs it."""
        steps: Steps | None = self.context_opts.get(Steps.OPTION)
        if steps is None or steps.is_within or isinstance(construct, version_log.Move):
            return self._exec_now(construct, *args, **kwargs)
        work = statement(self._text(construct))
        steps.perform(work, lambda: self._as_step(construct, *args, **kwargs))
        return None

    def _as_step(self, construct: Executable | str, *args: Any, **kwargs: Any) -> None:
        assert self.connection is not None
        steps: Steps = self.context_opts[Steps.OPTION]
        query_id = steps.next_query_id()
        with sending.under(self.connection.connection, query_id, settle=steps.settle):
            self._exec_now(construct, *args, **kwargs)

    def _exec_now(
        self,
        construct: Executable | str,
        execution_options: Mapping[str, Any] | None = None,
        multiparams: Sequence[Mapping[str, Any]] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> CursorResult[Any] | None:
        """Send it now; a plain string as it is: `:x` and `%` in it are no parameters."""
        if isinstance(construct, str):
            self._send(construct)
            return None
        return super()._exec(construct, execution_options, multiparams, params or {})

    def static_output(self, text: str) -> None:
        """Write a statement of a script, whose last line may be a comment."""
        super().static_output(terminated(CLICKHOUSE, text))

    def _text(self, construct: Executable | str) -> str:
        if isinstance(construct, str):
            return construct
        return str(construct.compile(dialect=self.dialect))  # type: ignore[attr-defined]

    def _send(self, statement: str) -> None:
        if self.as_sql:
            self.static_output(statement.strip())
            return
        assert self.connection is not None
        # through the driver: exec_driver_sql would format `%`, and would log the text
        client.send(self.connection.connection, statement)
