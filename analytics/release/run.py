"""A release: both histories moved as one thing, in one order, under one lock, and written down."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from analytics.errors import DataLoss, PlanError
from analytics.history import project
from analytics.journal.entry import Direction
from analytics.postgres import lock, releases
from analytics.release import planner, preview, runner
from analytics.release.plan import Plan, differences
from analytics.release.planner import Request
from analytics.release.preview import AlembicHistory
from analytics.settings import Settings
from analytics.stores import connections
from analytics.stores.connections import Connections
from analytics.watch import Watch


@dataclass(frozen=True)
class Done:
    """What was run; `number` is that of the release, None where there was nothing to do."""

    number: int | None
    plan: Plan


def plan(settings: Settings, direction: Direction, named: tuple[str, ...]) -> Plan:
    """What a release would do now: nothing is changed, and nobody waited for.

    Raises TargetError, Refused, Irreversible, RequirementMissing.
    """
    with connections.opened(settings) as both:
        return _plan(settings, direction, named, both, preview.pages(settings))


def run(
    settings: Settings,
    direction: Direction,
    named: tuple[str, ...],
    *,
    watch: Watch,
    planned: Callable[[Plan], None],
    agreed: Plan | None = None,
    may_lose_data: bool = False,
) -> Done:
    """Move both stores; downwards without targets the last release is undone.

    `planned` is called with the plan before its first step. `agreed` is a plan that was made
    before: it is the one that runs. What speaks against a release is raised before its first
    step: LockTimeout, PlanError, DataLoss, and as in `plan`. After whatever else comes, and after
    a crash, the same call goes on.
    """
    if agreed and agreed.direction is not direction:
        raise PlanError(
            f"this is the plan of another direction ({agreed.direction})",
            f"run `analytics {agreed.direction}` with it",
        )
    pages = preview.pages(settings)
    with connections.locked(settings, f"{direction} of both stores", watch) as (both, held):
        made = _plan(settings, direction, agreed.targets if agreed else named, both, pages)
        _check(made, agreed, may_lose_data=may_lose_data)
        planned(made)
        return Done(_carry_out(made, pages, held, watch), made)


def _plan(
    settings: Settings,
    direction: Direction,
    named: tuple[str, ...],
    both: Connections,
    pages: Mapping[str, AlembicHistory],
) -> Plan:
    request = Request(direction, named, releases.everything(both.records))
    return planner.make(settings, request, both, pages)


def _check(made: Plan, agreed: Plan | None, *, may_lose_data: bool) -> None:
    if agreed and (changes := differences(agreed, made)):
        raise PlanError(
            f"since the plan was made, {'; '.join(changes)}", "make a new one, and read it"
        )
    if made.losses and not may_lose_data:
        raise DataLoss(made.losses)


def _carry_out(
    made: Plan, pages: Mapping[str, AlembicHistory], held: lock.Lock, watch: Watch
) -> int | None:
    """Run the plan between the first and the last line about the release; its number."""
    stretches = list(_stretches(made))
    earlier = releases.everything(held.connection)
    if not stretches and not (earlier and earlier[-1].ended is None):
        return None
    number = _begin(held, made, earlier)
    for history, revisions in stretches:
        runner.move(pages[history], made.direction, revisions, held=held, watch=watch)
    releases.end(held.connection, number)
    return number


def _stretches(made: Plan) -> Iterator[tuple[str, list[str]]]:
    """Revisions of one history that follow each other; none where only a half is to be settled."""
    first = {each.history: each.id for each in reversed(made.revisions)}
    for history, store in made.stores.items():
        if store.half_done and first.get(history) != store.half_done:
            yield history, []
    for history, revisions in groupby(made.revisions, lambda each: each.history):
        yield history, [each.id for each in revisions]


def _begin(held: lock.Lock, made: Plan, earlier: list[releases.Release]) -> int:
    """The number under which a release is written down: that of one which stopped, if it goes on.

    What follows an undoing that stopped halfway begins where the undone one began.
    """
    who = f"{socket.gethostname()}:{os.getpid()}"
    last = earlier[-1] if earlier and earlier[-1].ended is None else None
    if last and (last.direction, last.undoes) == (made.direction, made.undoes):
        releases.go_on(held.connection, last.id, after=made.after, plan=made.fingerprint, who=who)
        return last.id
    undone = next((each for each in earlier if last and each.id == last.undoes), None)
    is_upgrade = made.direction is Direction.UP
    return releases.begin(
        held.connection,
        made.direction,
        undoes=made.undoes,
        before=undone.before if undone and is_upgrade else made.before,
        after=made.after,
        plan=made.fingerprint,
        who=who,
    )


def write(settings: Settings, made: Plan, out: TextIO) -> None:
    """The plan as a script: the statements and commands of every revision, in order."""
    pages = preview.pages(settings)
    both = project.read()
    heads = dict(made.before)
    for history, revisions in _stretches(made):
        out.write(f"-- {history}, {made.stores[history].server}\n\n")
        runner.write(pages[history], made.direction, revisions, heads=heads[history], out=out)
        moved = set(revisions)
        heads[history] = planner.after(both[history], made.direction, moved, heads[history])
