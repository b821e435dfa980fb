"""A release: both histories move in one order, under one lock, and the release is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from analytics.errors import DataLoss, PlanError
from analytics.history import project
from analytics.journal.entry import Direction
from analytics.release import losses, needs, planner, record, runner
from analytics.release.histories import AlembicHistory, alembic_histories
from analytics.release.losses import Loss
from analytics.release.plan import Plan, differences
from analytics.release.planner import Request
from analytics.settings import Settings
from analytics.stores import connections
from analytics.stores.connections import Connections
from analytics.stores.keeping import Lock
from analytics.watch import Watch


@dataclass(frozen=True)
class Done:
    """The plan that was run; `number` is that of the release, None if there was nothing to do."""

    number: int | None
    plan: Plan


def plan(settings: Settings, direction: Direction, named: tuple[str, ...]) -> Plan:
    """The plan of a release now: nothing is changed, and no lock is waited for.

    Raises as `planner.make` does.
    """
    with connections.opened(settings) as both:
        return _plan(settings, direction, named, both, alembic_histories(settings))


def run(
    settings: Settings,
    direction: Direction,
    named: tuple[str, ...],
    *,
    watch: Watch,
    planned: Callable[[Plan], None],
    agreed: Plan | None = None,
    agrees: Callable[[list[Loss]], bool] = lambda _: False,
) -> Done:
    """Move both stores; downwards without targets the last release is undone.

    `planned` is called with the plan before its first step. `agreed` is a plan that was made
    before: exactly that one runs. `agrees` is asked about losses that neither the revisions nor
    the settings allow. Before the first step it raises LockTimeout, PlanError, DataLoss
    and as `plan` does. After any other error, and after a crash, the same call continues.
    """
    if agreed and agreed.direction is not direction:
        raise PlanError(
            f"this is the plan of another direction ({agreed.direction})",
            f"run `analytics {agreed.direction} --plan FILE` with it",
        )
    histories = alembic_histories(settings)
    with connections.locked(settings, f"{direction} of both stores", watch) as (both, held):
        made = _plan(settings, direction, agreed.targets if agreed else named, both, histories)
        _check(made, agreed)
        needs.check(made, settings)
        allowed = _allowed(made, settings, agrees)
        planned(made)
        allowing = {name: each.allowing(allowed) for name, each in histories.items()}
        return Done(_carry_out(made, allowing, held, watch), made)


def _plan(
    settings: Settings,
    direction: Direction,
    named: tuple[str, ...],
    both: Connections,
    histories: Mapping[str, AlembicHistory],
) -> Plan:
    request = Request(direction, named, both.releases.everything())
    return planner.make(settings, request, both, histories)


def _check(made: Plan, agreed: Plan | None) -> None:
    if agreed and (changes := differences(agreed, made)):
        raise PlanError(
            f"since the plan was made, {'; '.join(changes)}",
            f"make a new one with `{agreed.command}`, and read it",
        )


def _allowed(made: Plan, settings: Settings, agrees: Callable[[list[Loss]], bool]) -> set[str]:
    """The names under which data may be lost; DataLoss if the user does not agree to the others."""
    allowed = set(settings.allowed_losses)
    others = [loss for loss in losses.of(made) if not loss.is_allowed(allowed)]
    if others and not agrees(others):
        raise DataLoss([loss.text for loss in others], [loss.revision for loss in others])
    return allowed | {loss.revision for loss in others}


def _carry_out(
    made: Plan, histories: Mapping[str, AlembicHistory], held: Lock, watch: Watch
) -> int | None:
    """Run the plan between the beginning and the end of the release's record; its number."""
    stretches = list(_stretches(made))
    earlier = held.releases.everything()
    if not stretches and not (earlier and earlier[-1].ended is None):
        return None
    number = record.begin(held.releases, made, earlier)
    with record.kept(held.releases, number):
        for name, revisions in stretches:
            runner.move(histories[name], made.direction, revisions, held=held, watch=watch)
    return number


def _stretches(made: Plan) -> Iterator[tuple[str, list[str]]]:
    """Runs of revisions of one history; an empty one settles a half-done revision only."""
    first = {each.history: each.id for each in reversed(made.revisions)}
    for history, store in made.stores.items():
        if store.half_done and first.get(history) != store.half_done:
            yield history, []
    for history, revisions in groupby(made.revisions, lambda each: each.history):
        yield history, [each.id for each in revisions]


def write(settings: Settings, made: Plan, out: TextIO) -> None:
    """Write the plan as a script: statements and commands of every revision, in order.

    Raises HistoryError, DefinitionError, and what the operations raise under `--sql`.
    """
    histories = alembic_histories(settings)
    both = project.read(settings.ini.file)
    heads = dict(made.before)
    for name, revisions in _stretches(made):
        out.write(f"-- {name}, {made.stores[name].server}\n\n")
        runner.write(histories[name], made.direction, revisions, heads=heads[name], out=out)
        heads[name] = planner.after(both[name], made.direction, set(revisions), heads[name])
