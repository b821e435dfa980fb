"""The Move: a command of Alembic's on one history, with all that it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from analytics import stores
from analytics.directive import Resources
from analytics.errors import AnalyticsError, ExitCode
from analytics.journal import entry as journals
from analytics.journal.entry import Journal
from analytics.journal.steps import Steps
from analytics.settings import Settings, redaction
from analytics.stores.store import Store
from analytics.watch import Watch

if TYPE_CHECKING:
    from analytics.stores.keeping import Lock


SCRIPT = {"paramstyle": "named"}
"""Options of a dialect that writes a script: any other style of parameters doubles each `%`."""


@dataclass(frozen=True)
class Handover:
    """The settings, watch and lock that a release passes to the env.py which runs its revisions.

    Nothing is loaded or checked a second time there, and errors are passed back unchanged.
    """

    KEY: ClassVar[str] = "analytics"  # in the attributes of Alembic's configuration

    settings: Settings
    watch: Watch
    lock: Lock | None = None  # None for a script


@dataclass(frozen=True)
class Move:
    """A command on one history: its store, settings, connection, journal and steps."""

    resources: Resources
    migration: MigrationContext
    ini: Path | None  # the file that names the folders of both histories

    @property
    def store(self) -> Store:
        """The store that it moves."""
        return self.resources.store

    @property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self.resources.settings

    @property
    def watch(self) -> Watch:
        """The user who looks on."""
        return self.resources.watch

    @property
    def connection(self) -> Connection:
        """Alembic's connection to the history's own store."""
        assert self.migration.connection is not None
        return self.migration.connection

    @property
    def dbapi(self) -> Any:
        """The driver's own connection (DBAPI) under it."""
        return self.connection.connection.dbapi_connection

    def stopped_by(self, check: Callable[[], None]) -> Move:
        """The same move, which stops when `check` raises."""
        watch = replace(self.watch, check=check)
        return replace(self, resources=replace(self.resources, watch=watch))

    @property
    def database(self) -> str:
        """The name of the store's database, with which the ids of its queries begin."""
        return self.store.address(self.settings).database

    @property
    def keeper(self) -> Store:
        """The store that keeps the lock."""
        return stores.keeper(self.settings)

    @property
    def keeps_lock(self) -> bool:
        """Whether the lock is kept in the store that it moves."""
        return self.keeper.name == self.store.name

    def journal(self, connection: Any) -> Journal:
        """The journal of its history, on a connection."""
        return self.store.journal(connection, journals.table(self.migration.version_table))

    def steps(self, held: Lock) -> Steps:
        """Its steps, under the lock."""
        return Steps(
            database=self.database,
            journal=self.journal(held.connection if self.keeps_lock else self.dbapi),
            check=partial(self._check, held),
            wrote=self.watch.wrote,
            settle=partial(self.store.settle, self.dbapi, watch=self.watch),
            finish=partial(self.store.finish, self.dbapi, watch=self.watch),
            refused=self._is_refusal,
            redact=partial(redaction.redact, self.settings),
            is_atomic=self.store.is_atomic,
            lost=self.store.raised,
        )

    def _check(self, held: Lock) -> None:
        self.watch.check()
        held.check()

    def _is_refusal(self, error: BaseException) -> bool:
        """Whether a server refused: any other error leaves the step in doubt."""
        if isinstance(error, AnalyticsError):
            return error.exit_code is not ExitCode.UNKNOWN
        return self.store.is_refusal(error)
