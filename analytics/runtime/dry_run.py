"""The dry run of revisions: their functions are called without a server."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import cast

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import CompileError

from analytics.directive import Directive, Resources
from analytics.errors import AnalyticsError, HistoryError
from analytics.operations.object import CreateObject, DropObject
from analytics.runtime.context import SCRIPT
from analytics.runtime.no_server import NoServer, ServerAsked


@dataclass(frozen=True)
class Tape:
    """The output of Alembic under `--sql`: its statements join the directives, in their order."""

    steps: list[Directive | str]

    def write(self, text: str) -> None:
        """Record a statement, or a comment of Alembic's."""
        self.steps.append(text.strip().removesuffix(";"))

    def flush(self) -> None:
        """Do nothing: no text is buffered."""


@dataclass(frozen=True)
class Recorded:
    """The steps of a revision, as far as they are known without a server."""

    steps: list[Directive | str]
    is_whole: bool
    context: MigrationContext  # in which they were recorded


def revision(function: Callable[[], None], resources: Resources) -> Recorded:
    """The steps of one revision's function, up to its first question to the server, if it asks.

    Raises HistoryError, with the place, if the function fails in any other way, and the errors
    that its calls raise.
    """
    context, tape = _recorder(resources)
    is_whole = True
    with Operations.context(context):
        try:
            function()
        except AnalyticsError:
            raise
        except (ServerAsked, CompileError):  # or a value without a literal in SQL
            is_whole = False
        except Exception as error:
            raise _broken(error) from error
    return Recorded(tape.steps, is_whole, context)


def _broken(error: Exception) -> HistoryError:
    frames = traceback.extract_tb(error.__traceback__)
    place = frames[:2][-1]  # the frame below this module is the revision
    fault = str(error) if isinstance(error, CommandError) else f"{type(error).__name__}: {error}"
    return HistoryError(
        f"{place.filename}, line {place.lineno}: {fault}",
        "correct the revision; nothing was sent",
    )


def directives(script: ScriptDirectory, resources: Resources) -> list[Directive]:
    """Every directive from base to the heads, in the order of an upgrade."""
    revisions = reversed(list(script.walk_revisions("base", "heads")))
    functions = [revision.module.upgrade for revision in revisions]
    recorded = steps(functions, resources)
    return [step for step in recorded if isinstance(step, Directive)]


def steps(functions: Iterable[Callable[[], None]], resources: Resources) -> list[Directive | str]:
    """The steps of several functions: directives, and plain statements as text."""
    context, tape = _recorder(resources)
    with Operations.context(context):
        for function in functions:
            function()
    return tape.steps


def _recorder(resources: Resources) -> tuple[MigrationContext, Tape]:
    tape = Tape([])
    options = {
        "as_sql": True,
        "literal_binds": True,
        "output_buffer": tape,
        Resources.OPTION: replace(resources, record=tape.steps),
    }
    resources.store.register()
    dialect = resources.store.dialect
    with _unsaid():
        context = MigrationContext.configure(
            dialect_name=dialect, dialect_opts=SCRIPT, opts=options
        )
    server = NoServer(context.dialect, lambda statement, *_: context.impl._exec(statement))
    context.connection = context.impl.connection = cast(Connection, server)
    return context, tape


@contextmanager
def _unsaid() -> Iterator[None]:
    """Alembic does not say which dialect it has chosen, once for each revision."""
    log = logging.getLogger("alembic.runtime.migration")
    was, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was


def objects(script: ScriptDirectory, resources: Resources) -> dict[str, CreateObject]:
    """The ClickHouse objects that exist at the heads, by the name of their definition."""
    existing: dict[str, CreateObject] = {}
    for directive in directives(script, resources):
        for name, version in directive.versions_after().items():
            existing[name] = CreateObject(name, version)
        if isinstance(directive, DropObject):
            existing.pop(directive.object, None)
    return existing
