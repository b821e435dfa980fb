"""The preview of revisions: their steps, with the impact of each on data, traffic and rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from alembic.operations import Operations

from analytics.definitions import digest
from analytics.directive import Directive, OperationContext
from analytics.history.order import Node
from analytics.journal.entry import Direction
from analytics.operations.loss import AllowLoss
from analytics.operations.sql import RunSql
from analytics.release import losses
from analytics.release.histories import AlembicHistory
from analytics.release.plan import PlannedRevision, PlannedStep
from analytics.runtime import checks, dry_run
from analytics.sql.impact import Impact
from analytics.stores import STORES
from analytics.stores.connections import Connections
from analytics.stores.store import Store

BLOCK = ("BEGIN", "COMMIT")  # around an autocommit_block
ANY = "*"  # any table: names were moved
MOVES = re.compile(r"\b(?:RENAME|EXCHANGE|SET\s+SCHEMA)\b", re.I)


@dataclass
class Before:
    """What the steps before do in a store: the tables that they change, and their statements."""

    changed: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)


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
    before: dict[str, Before] = defaultdict(Before)
    for name, revision in order:
        history = histories[name]
        store = history.resources.store
        recorded = dry_run.revision(history.function(revision.id, direction), history.resources)
        faults += checks.faults(revision.id, recorded.steps, store)
        steps = tuple(_steps(recorded, store, connections.drivers[name], before[name]))
        planned.append(PlannedRevision(name, revision.id, revision.title, steps, recorded.is_whole))
    checks.refuse(faults)
    return planned


def _steps(
    recorded: dry_run.Recorded, store: Store, driver: Any, before: Before
) -> Iterable[PlannedStep]:
    """The steps of a revision, which are added to those before it."""
    context = OperationContext(Operations(recorded.context))
    allowed: dict[str, str] = {}
    for step in recorded.steps:
        if isinstance(step, AllowLoss):
            allowed[context.fill(step.object)] = step.reason
        elif isinstance(step, Directive) or step not in BLOCK:
            planned = (
                _directive(step, context, driver)
                if isinstance(step, Directive)
                else _statement(step, store, driver, before)
            )
            moves = {ANY} if MOVES.search(planned.text) else ()
            before.changed.update(planned.impact.tables, moves)
            yield replace(planned, allowed=losses.reason(planned.impact, allowed))


def _statement(text: str, store: Store, driver: Any, before: Before) -> PlannedStep:
    """A statement; a table that was changed before it is not asked: it will be another then."""
    impact = store.impact(text, None, before.sent)
    if not before.changed & {ANY, *impact.tables}:
        impact = store.impact(text, driver, before.sent)
    before.sent.append(text)
    return PlannedStep(text, digest(text), impact)


def _directive(step: Directive, context: OperationContext, driver: Any) -> PlannedStep:
    work = step.work(context)
    text = work.text if isinstance(step, RunSql) else work.title
    reruns = step.reruns if isinstance(step, RunSql) else None
    needs = step.needs(context) | context.resources.placeholders.secrets(work.text)
    impact = step.impact_online(context, driver)
    return PlannedStep(
        text,
        digest(work.text),
        impact,
        reruns=reruns,
        needs=tuple(sorted(needs)),
        privileges=tuple(sorted(step.privileges(context))),
    )


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
