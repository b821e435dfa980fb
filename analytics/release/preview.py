"""What revisions would do: their steps, and what each does to data, traffic and how many rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from analytics.definitions import digest
from analytics.directive import Directive, OperationContext, Resources
from analytics.history import names
from analytics.history.order import Node
from analytics.journal.entry import Direction
from analytics.operations.sql import RunSql
from analytics.placeholders import placeholders
from analytics.release.plan import PlannedRevision, PlannedStep
from analytics.runtime import checks, dry_run
from analytics.settings import Settings, project_root
from analytics.sql.impact import Impact
from analytics.stores import STORES
from analytics.stores.connections import Connections
from analytics.stores.store import Store

BLOCK = ("BEGIN", "COMMIT")  # around an autocommit_block
MOVES = re.compile(r"\b(?:RENAME|EXCHANGE|SET\s+SCHEMA)\b", re.I)


@dataclass(frozen=True)
class AlembicHistory:
    """A history as Alembic reads it, and the resources on which its revisions are recorded."""

    config: Config
    script: ScriptDirectory
    resources: Resources

    def function(self, revision: str, direction: Direction) -> Callable[[], None]:
        """What Alembic runs of a revision."""
        module = self.script.get_revision(revision).module
        function: Callable[[], None] = getattr(module, direction)
        return function


def pages(settings: Settings) -> dict[str, AlembicHistory]:
    """Both histories of the project, by name."""
    found, root = {}, project_root()
    for name, each in names.NAMES.items():
        config = Config(str(root / "alembic.ini"), ini_section=each.section)
        config.set_main_option("prepend_sys_path", str(root))  # a folder below it will do
        config.attributes["configure_logger"] = False
        script = ScriptDirectory.from_config(config)
        resources = Resources(STORES[name], settings, placeholders(settings), Path(script.dir))
        found[name] = AlembicHistory(config, script, resources)
    return found


def revisions(
    both: Mapping[str, AlembicHistory],
    direction: Direction,
    order: Iterable[Node],
    connections: Connections,
) -> list[PlannedRevision]:
    """Each revision with its steps; Refused if one may not be run twice.

    Over the connections operations ask their store what they will find there.
    """
    found = []
    faults: list[str] = []
    for history, revision in order:
        resources = both[history].resources
        recorded = dry_run.revision(both[history].function(revision.id, direction), resources)
        checks.refuse_company(f"{history}@{revision.id}", recorded.steps)
        faults += checks.faults(revision.id, recorded.steps, resources.store)
        steps = tuple(_steps(recorded, resources.store, connections.drivers[history]))
        found.append(
            PlannedRevision(history, revision.id, revision.title, steps, recorded.is_whole)
        )
    checks.refuse(faults)
    return found


def _steps(recorded: dry_run.Recorded, store: Store, driver: Any) -> Iterable[PlannedStep]:
    context = OperationContext(Operations(recorded.context))
    for step in recorded.steps:
        if isinstance(step, Directive):
            work = step.work(context)
            text = work.text if isinstance(step, RunSql) else work.title
            reruns = step.reruns if isinstance(step, RunSql) else None
            impact = step.impact_online(context, driver)
            yield PlannedStep(text, digest(work.text), impact, reruns=reruns)
        elif step not in BLOCK:
            yield PlannedStep(step, digest(step), store.impact(step))


def with_rows(
    revisions: Sequence[PlannedRevision], connections: Connections
) -> tuple[PlannedRevision, ...]:
    """The same with estimated rows; what concerns only tables that are yet to be made loses none.

    Unless tables are renamed or exchanged on the way: then any name may come to hold old rows.
    """
    counts, moved = {}, {}
    for history, driver in connections.drivers.items():
        steps = [step for each in revisions if each.history == history for step in each.steps]
        tables = {table for step in steps for table in step.impact.tables}
        counts[history] = STORES[history].rows(driver, tables)
        moved[history] = any(MOVES.search(step.text) for step in steps)

    def counted(revision: PlannedRevision) -> PlannedRevision:
        there, keep = counts[revision.history], moved[revision.history]
        return replace(
            revision, steps=tuple(_counted(step, there, keep=keep) for step in revision.steps)
        )

    return tuple(map(counted, revisions))


def _counted(step: PlannedStep, counts: Mapping[str, int | None], *, keep: bool) -> PlannedStep:
    """The step with its rows; without impact if none of its tables is there, but for `keep`."""
    if not step.impact.tables:
        return step
    there = [counts[table] for table in step.impact.tables if table in counts]
    if not there:
        return step if keep else replace(step, impact=Impact())
    known = [count for count in there if count is not None]
    return replace(step, rows=sum(known) if known else None)
