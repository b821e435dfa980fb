"""What every `op.*` of ours shares: its name, its values, and how its work is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, cast

from alembic.operations import MigrateOperation, Operations
from alembic.util import CommandError
from sqlalchemy import Connection

from analytics import definitions
from analytics.journal.steps import Steps, Work
from analytics.placeholders import Placeholders
from analytics.settings import Settings
from analytics.sql.impact import Impact
from analytics.stores.store import Store
from analytics.watch import Watch


@dataclass(frozen=True)
class Resources:
    """What a directive works with: `analytics.environment` lays it into Alembic's context."""

    store: Store
    settings: Settings
    placeholders: Placeholders
    folder: Path  # of the history: its definitions lie below it
    record: list[Directive | str] | None = None  # where directives go instead of being carried out
    watch: Watch = field(default_factory=Watch)  # who is told how far a long step is

    OPTION: ClassVar[str] = "analytics_resources"

    def read(self, folder: str, name: str, *, version: int | None, suffix: str = "sql") -> str:
        """A definition of this history as it is written; without version, its newest."""
        place = self.folder / folder
        if version is None:
            return definitions.newest(place, name, suffix=suffix)
        return definitions.read(place, name, version=version, suffix=suffix)

    def versions(self, folder: str, name: str) -> list[int]:
        """The versions that a definition has, in order."""
        return definitions.versions(self.folder / folder, name)


@dataclass(frozen=True)
class Directive(MigrateOperation):
    """An operation as a frozen value; a subclass registers itself as `op.<name>`.

    The parameters of `op.<name>(...)` are the fields of the dataclass. `apply` does the work,
    `script` says under `--sql` what would be done, as lines of text.
    """

    name: ClassVar[str]
    looks_first: ClassVar[bool] = True  # `apply` does nothing where its effect is there already
    rolls_back: ClassVar[bool] = False  # whether a rollback of the connection undoes all of it
    moves_alone: ClassVar[bool] = False  # whether its revision may hold nothing else

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__()
        cls.name = name
        Operations.register_operation(name, "call")(cls)
        Operations.implementation_for(cls)(cls._perform)

    @classmethod
    def call(cls, operations: Operations, *args: Any, **kwargs: Any) -> Any:
        """What `op.<name>(...)` does: make the value, let Alembic invoke it."""
        try:
            directive = cls(*args, **kwargs)
        except TypeError as error:
            said = str(error).removeprefix(f"{cls.__name__}.__init__() ")
            raise CommandError(f"op.{cls.name}(): {said}") from error
        return operations.invoke(directive)

    def apply(self, context: OperationContext) -> None:
        """Do it, on servers; may be repeated."""
        raise NotImplementedError

    def script(self, context: OperationContext) -> str:
        """What it would do, as text for `--sql`: statements, or comments with commands."""
        raise NotImplementedError

    def work(self, context: OperationContext) -> Work:
        """What the journal says of it."""
        return Work(
            self.name, self.source(), self.digest_text(context), looks_first=self.looks_first
        )

    def digest_text(self, context: OperationContext) -> str:
        """What its digest in the journal is taken of: a subclass adds the definition it reads."""
        return self.source()

    def impact(self, context: OperationContext) -> Impact:
        """What it does to data and to those who use it; a subclass that does any says so."""
        return Impact()

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The same, as far as the store can tell before: its connection is only asked."""
        return self.impact(context)

    def versions_after(self) -> dict[str, int]:
        """The ClickHouse objects that it leaves at a version, by the names of their definitions."""
        return {}

    def source(self) -> str:
        """The line of a revision that says this."""
        first, *others = ((f, getattr(self, f.name)) for f in fields(self))
        said = [_literal(first[1])]
        said += [f"{f.name}={_literal(v)}" for f, v in others if v not in (f.default, {})]
        return f"op.{self.name}({', '.join(said)})"

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """How `alembic check` names it."""
        return (self.name, *(getattr(self, f.name) for f in fields(self)))

    @staticmethod
    def _perform(operations: Operations, directive: Directive) -> None:
        context = OperationContext(operations)
        if context.resources.record is not None:
            context.resources.record.append(directive)
        elif context.offline:
            context.write(directive.script(context))
        elif context.steps is None or context.steps.is_within or directive._needs_no_step(context):
            directive.apply(context)
        else:
            work = directive.work(context)
            context.steps.perform(work, lambda: directive.apply(context))

    def _needs_no_step(self, context: OperationContext) -> bool:
        """Whether the version is committed together with all that it does, or neither is."""
        return self.rolls_back and not context.resources.store.commits_at_once(context.connection)


def _literal(value: Any) -> str:
    """A value as it is written in a revision: texts in double quotes."""
    is_text = isinstance(value, str | list | dict)
    return json.dumps(value, ensure_ascii=False) if is_text else repr(value)


@dataclass(frozen=True)
class OperationContext:
    """Where a directive is applied: Alembic's context, seen through what we need of it."""

    operations: Operations

    @property
    def resources(self) -> Resources:
        """Settings, placeholders and the history's folder."""
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
        """Whether text is wanted (`--sql`) instead of deeds."""
        return self.operations.get_context().as_sql

    @property
    def connection(self) -> Connection:
        """Alembic's connection to the history's own store."""
        return self.operations.get_bind()

    @property
    def driver(self) -> Any:
        """The driver's own connection (DBAPI) under it."""
        return self.connection.connection.dbapi_connection

    def read(self, folder: str, name: str, *, version: int | None, suffix: str = "sql") -> str:
        """A definition of this history as it is written; without version, its newest."""
        return self.resources.read(folder, name, version=version, suffix=suffix)

    def fill(self, text: str) -> str:
        """The text with its placeholders filled, but for secrets."""
        return self.resources.placeholders.fill(text)

    @property
    def steps(self) -> Steps | None:
        """Where the steps of this run are written down; None if nobody does."""
        return cast("Steps | None", self.operations.get_context().opts.get(Steps.OPTION))

    def send(self, statement: str) -> None:
        """Send a statement, secrets filled in, through the driver: nothing else sees its text."""
        cursor = self.driver.cursor()
        steps = self.steps
        with self.resources.store.sending(self.driver, steps) if steps else nullcontext():
            cursor.execute(self.resources.placeholders.reveal(statement))

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """The connection outside of a transaction, for what cannot run inside one."""
        with self.operations.get_context().autocommit_block():
            yield self.connection

    def write(self, text: str) -> None:
        """Write a statement (or a comment) into the `--sql` script."""
        self.operations.get_context().impl.static_output(text.rstrip() + "\n")
