"""The parts that the operations on live views and Kafka tables share.

The rebuild is imported when one of them runs: it is slow to import, and few revisions need it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.definitions import OBJECTS
from analytics.directive import OperationContext
from analytics.sql.impact import Impact

if TYPE_CHECKING:
    from analytics.rebuild.files import Files
    from analytics.rebuild.options import Options
    from analytics.rebuild.outline import Goal
    from analytics.rebuild.server import Server


def server(context: OperationContext) -> Server:
    """ClickHouse as a rebuild sees it, in this run."""
    from analytics.rebuild.server import Server

    steps = context.steps
    return Server(
        connection=context.driver,
        database=str(context.connection.engine.url.database),
        watch=context.resources.watch,
        check=steps.check if steps else lambda: None,
        reveal=context.resources.placeholders.reveal,
    )


def reading(context: OperationContext, driver: Any) -> Server:
    """ClickHouse as a plan sees it: nothing is changed."""
    from analytics.rebuild.server import Server

    database = context.resources.store.address(context.resources.settings).database
    return Server(driver, database, context.resources.watch, lambda: None)


def without_readers(context: OperationContext, table: str) -> AbstractContextManager[None]:
    """A block in which ingest is held and the views on a table are detached, as `detached`."""
    from analytics.rebuild import detached

    timeout = context.resources.settings.barrier_timeout
    return detached.readers(server(context), table, timeout=timeout)


def files(context: OperationContext) -> Files:
    """The definitions of the history."""
    from analytics.rebuild.files import Files

    return Files(context.resources.folder, context.resources.placeholders)


def options(context: OperationContext) -> Options:
    """The options that the settings give, and the losses that are allowed in this revision."""
    from analytics.rebuild.options import options

    return options(context.resources.settings, context.allows)


def run(context: OperationContext, goal: Goal) -> None:
    """Bring the chain of a view to a goal, as the settings say how."""
    from analytics.rebuild import machine

    machine.run(server(context), goal, files(context), options(context))


def tables(named: Sequence[str]) -> tuple[str, ...]:
    """The names of a list; a single name is one, too."""
    return (named,) if isinstance(named, str) else tuple(named)


def texts(context: OperationContext, versions: Mapping[str, int]) -> tuple[str, ...]:
    """Definitions as they are written, in the order of their names."""
    return tuple(
        context.read(OBJECTS, name, version=version) for name, version in sorted(versions.items())
    )


def recomputed(name: str) -> Impact:
    """The impact of a rebuild: nothing that serves is lost."""
    return Impact(
        blocks=f"recomputes {name} and everything that is fed from it; "
        "ingest pauses two or three times, for a fraction of a second each"
    )


def with_expiring(impact: Impact, tables: Sequence[str]) -> Impact:
    """The impact of a rebuild out of tables whose rows expire: expired ones are not counted."""
    if not tables:
        return impact
    loses = f"what was computed from rows that have expired in {', '.join(tables)}"
    return replace(impact, loses=loses, tables=tuple(tables))
