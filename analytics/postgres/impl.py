"""Alembic's implementation for PostgreSQL: a statement that no rollback undoes becomes a step.

A statement inside the revision's transaction needs no step: the version row is committed with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import Connection
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql.base import Executable

from analytics.journal.steps import Steps
from analytics.journal.work import statement
from analytics.postgres import concurrently
from analytics.sql.tokens import POSTGRES, terminated

RERUNS = re.compile(
    r"\s*(?:CREATE|DROP|ALTER)\b.*\bIF\s+(?:NOT\s+)?EXISTS\b"
    r"|\s*(?:VACUUM|ANALYZE|REINDEX|CLUSTER|SET|COMMENT|SELECT)\b",
    re.IGNORECASE | re.DOTALL,
)


PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
"""What SQLAlchemy takes for a parameter; `op.execute` has no values for any, so it is none."""


def commits_at_once(connection: Connection) -> bool:
    """Whether no transaction is open that could be rolled back."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.autocommit)


class PostgresImpl(PostgresqlImpl):
    """Alembic's own implementation, except for statements outside a transaction."""

    __dialect__ = "postgresql"

    def _exec(
        self, construct: Executable | str, *args: Any, **kwargs: Any
    ) -> CursorResult[Any] | None:
        sent = PARAMETER.sub(r"\:\1", construct) if isinstance(construct, str) else construct
        steps: Steps | None = self.context_opts.get(Steps.OPTION)
        if steps is None or steps.is_within or (self._is_held() and not steps.held.is_open):
            return super()._exec(sent, *args, **kwargs)
        if self._is_held():
            return self._hold(steps, construct, partial(super()._exec, sent, *args, **kwargs))
        text = self._text(construct)
        once = not (RERUNS.match(text) or concurrently.CREATE.match(text))
        work = statement(text, once=once)
        send = super()._exec
        steps.perform(work, lambda: self._unless_built(text, send, sent, *args, **kwargs))
        return None

    def _hold(
        self, steps: Steps, construct: Executable | str, send: Callable[[], Any]
    ) -> CursorResult[Any] | None:
        """Send it within the revision's transaction, which holds it until it is committed."""
        results: list[CursorResult[Any] | None] = [None]
        steps.held.send(lambda: statement(self._text(construct)), lambda: results.append(send()))
        return results[-1]

    def _unless_built(self, text: str, send: Any, *args: Any, **kwargs: Any) -> None:
        assert self.connection is not None
        driver: Any = self.connection.connection.dbapi_connection
        if not concurrently.is_there(driver, text):
            send(*args, **kwargs)

    def static_output(self, text: str) -> None:
        """Write a statement of a script, whose last line may be a comment."""
        super().static_output(terminated(POSTGRES, text))

    def _is_held(self) -> bool:
        """Whether a transaction is open that holds what is sent, or nothing is sent at all."""
        return self.as_sql or self.connection is None or not commits_at_once(self.connection)

    def _text(self, construct: Executable | str) -> str:
        if isinstance(construct, str):
            return construct
        return str(construct.compile(dialect=self.dialect))  # type: ignore[attr-defined]
