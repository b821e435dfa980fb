"""The preview of revisions: their steps, with the impact of each on data, traffic and rows."""

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
from analytics.history import names, project
from analytics.history.order import Node
from analytics.journal.entry import Direction
from analytics.operations.loss import AllowLoss
from analytics.operations.sql import RunSql
from analytics.placeholders import placeholders
from analytics.release import losses
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
    """A history as Alembic reads it, and the resources with which its revisions are recorded."""

    config: Config
    script: ScriptDirectory
    resources: Resources

    def function(self, revision: str, direction: Direction) -> Callable[[], None]:
        """The function of a revision that Alembic runs."""
        module = self.script.get_revision(revision).module
        function: Callable[[], None] = getattr(module, direction)
        return function

    def allowing(self, names: Iterable[str]) -> AlembicHistory:
        """The same, whose revisions may lose what tables and revisions of these names hold."""
        settings = replace(self.resources.settings, allow_data_loss=",".join(sorted(names)))
        return replace(self, resources=replace(self.resources, settings=settings))


def alembic_histories(settings: Settings) -> dict[str, AlembicHistory]:
    """Both histories of the project, by name; HistoryError if its ini file does not name them."""
    histories, root = {}, project_root()
    project.check(root / "alembic.ini")
    for name, each in names.NAMES.items():
        config = Config(str(root / "alembic.ini"), ini_section=each.section)
        config.set_main_option("prepend_sys_path", str(root))  # also from a folder below it
        config.attributes["configure_logger"] = False
        script = ScriptDirectory.from_config(config)
        resources = Resources(STORES[name], settings, placeholders(settings), Path(script.dir))
        histories[name] = AlembicHistory(config, script, resources)
    return histories


def revisions(
    histories: Mapping[str, AlembicHistory],
    direction: Direction,
    order: Iterable[Node],
    connections: Connections,
) -> list[PlannedRevision]:
    """Each revision with its steps; operations read their store over the connections.

    Raises Refused if a statement must not run twice, and HistoryError if the function of a
    revision fails.
    """
    planned = []
    faults: list[str] = []
    for name, revision in order:
        history = histories[name]
        store = history.resources.store
        recorded = dry_run.revision(history.function(revision.id, direction), history.resources)
        faults += checks.faults(revision.id, recorded.steps, store)
        steps = tuple(_steps(recorded, store, connections.drivers[name]))
        planned.append(PlannedRevision(name, revision.id, revision.title, steps, recorded.is_whole))
    checks.refuse(faults)
    return planned


def _steps(recorded: dry_run.Recorded, store: Store, driver: Any) -> Iterable[PlannedStep]:
    context = OperationContext(Operations(recorded.context))
    allowed: dict[str, str] = {}
    for step in recorded.steps:
        if isinstance(step, AllowLoss):
            allowed[context.fill(step.object)] = step.reason
            continue
        if step not in BLOCK:
            planned = _step(step, context, store, driver)
            yield replace(planned, allowed=losses.reason(planned.impact, allowed))


def _step(
    step: Directive | str, context: OperationContext, store: Store, driver: Any
) -> PlannedStep:
    if isinstance(step, str):
        return PlannedStep(step, digest(step), store.impact(step, driver))
    work = step.work(context)
    text = work.text if isinstance(step, RunSql) else work.title
    reruns = step.reruns if isinstance(step, RunSql) else None
    impact, needs = step.impact_online(context, driver), tuple(sorted(step.needs(context)))
    return PlannedStep(text, digest(work.text), impact, reruns=reruns, needs=needs)


def with_rows(
    revisions: Sequence[PlannedRevision], connections: Connections
) -> tuple[PlannedRevision, ...]:
    """The revisions with estimated rows; a step on tables that do not exist yet loses none.

    Unless a step renames or exchanges tables: then old rows may be under any name.
    """
    counts, moved = {}, {}
    for history, driver in connections.drivers.items():
        steps = [step for each in revisions if each.history == history for step in each.steps]
        tables = {table for step in steps for table in step.impact.tables}
        counts[history] = STORES[history].rows(driver, tables)
        moved[history] = any(MOVES.search(step.text) for step in steps)

    def counted(revision: PlannedRevision) -> PlannedRevision:
        existing, keep = counts[revision.history], moved[revision.history]
        steps = tuple(_counted(step, existing, keep=keep) for step in revision.steps)
        return replace(revision, steps=steps)

    return tuple(map(counted, revisions))


def _counted(step: PlannedStep, counts: Mapping[str, int | None], *, keep: bool) -> PlannedStep:
    """The step with its rows; without impact if none of its tables exists, unless `keep`."""
    if not step.impact.tables:
        return step
    existing = [counts[table] for table in step.impact.tables if table in counts]
    if not existing:
        return step if keep else replace(step, impact=Impact())
    known = [count for count in existing if count is not None]
    return replace(step, rows=sum(known) if known else None)
