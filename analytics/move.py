"""What a command of Alembic's is about to do to one store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from analytics import journal as journals
from analytics.clickhouse import inflight, mutations
from analytics.clickhouse.journal import ClickHouseJournal
from analytics.errors import AnalyticsError, ExitCode
from analytics.journal import Journal
from analytics.placeholders import Placeholders
from analytics.postgres import lock, words
from analytics.postgres.journal import PostgresJournal
from analytics.settings import Settings, database_of
from analytics.steps import STATEMENT, Steps, Work
from analytics.watch import Watch


@dataclass(frozen=True)
class Handover:
    """What a release hands to the environment in which Alembic runs the revisions it planned.

    Nothing is loaded or checked a second time there, and errors come back as they are.
    """

    KEY: ClassVar[str] = "analytics"  # in the attributes of Alembic's configuration

    settings: Settings
    watch: Watch
    lock: lock.Lock | None = None  # none for a script


@dataclass(frozen=True)
class Move:
    """A command on one history, with all that it works with."""

    migration: MigrationContext
    settings: Settings
    names: Placeholders
    watch: Watch
    ini: Path | None  # where both histories are said to be

    @property
    def connection(self) -> Connection:
        """Alembic's connection to the history's own store."""
        assert self.migration.connection is not None
        return self.migration.connection

    @property
    def is_clickhouse(self) -> bool:
        """Which of the two stores it is."""
        return self.migration.dialect.name == "clickhouse"

    @property
    def dbapi(self) -> Any:
        """The driver's connection under it."""
        return self.connection.connection.dbapi_connection

    def journal(self, connection: Any) -> Journal:
        """The journal of its history."""
        kind = ClickHouseJournal if self.is_clickhouse else PostgresJournal
        return kind(connection, journals.table(self.migration.version_table))

    def steps(self, held: lock.Lock) -> Steps:
        """Its steps, under a lock."""
        url = self.settings.clickhouse_url if self.is_clickhouse else self.settings.postgres_url
        assert url is not None
        settle = partial(inflight.settle, self.dbapi, watch=self.watch)
        return Steps(
            database=database_of(url),
            journal=self.journal(self.dbapi if self.is_clickhouse else held.connection),
            check=partial(self._check, held),
            wrote=self.watch.wrote,
            settle=settle if self.is_clickhouse else lambda _: None,
            finish=self._finish,
            refused=_is_refusal,
            redact=self.names.redact,
            is_atomic=not self.is_clickhouse,
        )

    def _check(self, held: lock.Lock) -> None:
        self.watch.check()
        held.check()

    def _finish(self, work: Work) -> None:
        """Wait for the mutations that a statement has ordered; operations of ours order none."""
        if self.is_clickhouse and work.kind == STATEMENT:
            mutations.wait(self.dbapi, work.text, watch=self.watch)


def _is_refusal(error: BaseException) -> bool:
    """Whether a server said no: whatever else came instead of an answer leaves a doubt."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate is not None and cause.sqlstate not in words.SHUTDOWN
    if isinstance(cause, AnalyticsError):
        return cause.exit_code is not ExitCode.UNKNOWN
    return "Code: " in str(getattr(cause, "orig", ""))  # ClickHouse's; a gateway's has none
