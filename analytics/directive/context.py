"""Alembic's context as a directive uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

from alembic.operations import Operations
from alembic.util import CommandError
from sqlalchemy import Connection

from analytics.directive.resources import Resources
from analytics.journal.steps import Steps


@dataclass(frozen=True)
class OperationContext:
    """The store that a directive is applied to, and all that is prepared for this run."""

    operations: Operations

    @property
    def resources(self) -> Resources:
        """Settings, placeholders and the history's folder; CommandError without them."""
        context = self.operations.get_context()
        try:
            return cast(Resources, context.opts[Resources.OPTION])
        except KeyError:
            raise CommandError(
                "this env.py does not prepare our operations: "
                "let it call analytics.environment.run()"
            ) from None

    @property
    def offline(self) -> bool:
        """Whether a script is written (`--sql`) and nothing is sent."""
        return self.operations.get_context().as_sql

    @property
    def connection(self) -> Connection:
        """Alembic's connection to the history's own store."""
        return self.operations.get_bind()

    @property
    def driver(self) -> Any:
        """The driver's own connection (DBAPI) under it."""
        return self.connection.connection.dbapi_connection

    @property
    def database(self) -> str:
        """The database that the URL names."""
        return self.resources.store.address(self.resources.settings).database

    def read(self, folder: str, name: str, *, version: int | None, suffix: str = "sql") -> str:
        """The text of a definition as it is written, without version the newest one.

        DefinitionError if there is none.
        """
        return self.resources.read(folder, name, version=version, suffix=suffix)

    def fill(self, text: str) -> str:
        """The text with its placeholders filled, but for secrets.

        Raises DefinitionError for an unknown placeholder, SettingError for one without a value.
        """
        return self.resources.placeholders.fill(text)

    @property
    def steps(self) -> Steps | None:
        """The steps of this run; None if it keeps no journal."""
        return cast("Steps | None", self.operations.get_context().opts.get(Steps.OPTION))

    @property
    def revision(self) -> str:
        """The revision that runs, as clickhouse@0017; "" if this run keeps no journal."""
        return f"{self.resources.store.name}@{self.steps.revision.revision}" if self.steps else ""

    def allow(self, name: str) -> None:
        """Let what is held under a name be lost by this revision."""
        self.resources.allowed.add((self.revision, name))

    def allows(self, name: str) -> bool:
        """Whether what is held under a name may be lost."""
        by_user = self.resources.settings.allowed_losses
        return bool({name, self.revision} & by_user) or (
            (self.revision, name) in self.resources.allowed
        )

    def send(self, statement: str) -> None:
        """Send a statement, secrets filled in, through the driver: nothing else sees its text."""
        cursor = self.driver.cursor()
        steps = self.steps
        with self.resources.store.sending(self.driver, steps) if steps else nullcontext():
            cursor.execute(self.resources.placeholders.reveal(statement))

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """The connection outside of a transaction, for what cannot run inside one."""
        if self.resources.store.commits_at_once(self.connection):
            yield self.connection
            return
        with _own_error_first(self.operations.get_context().autocommit_block()):
            yield self.connection

    def write(self, text: str) -> None:
        """Write a statement (or a comment) into the `--sql` script."""
        self.operations.get_context().impl.static_output(text.rstrip() + "\n")


@contextmanager
def _own_error_first(surrounding: AbstractContextManager[None]) -> Iterator[None]:
    """A block in another one, whose end may fail, too, when a session is gone: it says less."""
    own: BaseException | None = None
    try:
        with surrounding:
            try:
                yield
            except BaseException as error:
                own = error
                raise
    except Exception:
        if own is None:
            raise
        raise own from None
