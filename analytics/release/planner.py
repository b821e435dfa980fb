"""Making a plan: the stores are asked where they are, the revisions what they would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.errors import TargetError
from analytics.history import project, selection
from analytics.history.graph import History, reach
from analytics.history.order import Node
from analytics.journal.entry import Direction, Journal, State, Unfinished, unfinished
from analytics.postgres.releases import Release
from analytics.release import preview
from analytics.release.plan import Heads, Plan, StoreState
from analytics.release.preview import AlembicHistory
from analytics.settings import Settings
from analytics.stores import STORES, heads
from analytics.stores.connections import Connections

Histories = Mapping[str, History]


@dataclass(frozen=True)
class Request:
    """What somebody wants: targets (see `selection`); downwards without one, a release undone."""

    direction: Direction
    targets: tuple[str, ...]
    releases: Sequence[Release]  # that were made, the oldest first

    def undoes(self, both: Histories, current: Heads) -> Release | None:
        """The release to take back: an undoing that stopped goes on, else the last one there."""
        if self.targets or self.direction is Direction.UP:
            return None
        newest = self.releases[-1] if self.releases else None
        if newest and newest.undoes and newest.ended is None:
            return next(each for each in self.releases if each.id == newest.undoes)
        for each in reversed(self.releases):
            if _is_there(each, both, current):
                return each
        raise TargetError(
            "there is no release to undo", "name a target: `analytics downgrade clickhouse@-1`"
        )

    def order(self, both: Histories, current: Heads, undone: Release | None) -> list[Node]:
        """The revisions to run or to take back, in order."""
        if undone:
            return selection.undo(both, undone.before, undone.after, current)
        if self.direction is Direction.UP:
            return selection.upgrade(both, self.targets or ("heads",), current)
        return selection.downgrade(both, self.targets, current)


def make(
    settings: Settings,
    request: Request,
    connections: Connections,
    pages: Mapping[str, AlembicHistory],
) -> Plan:
    """The plan; Refused if a statement in it may not be run twice."""
    stores = _stores(settings, connections)
    both = project.read()
    current = {name: store.heads for name, store in stores.items()}
    undone = request.undoes(both, current)
    order = request.order(both, current, undone)
    revisions = preview.revisions(pages, request.direction, order, connections)
    return Plan(
        direction=request.direction,
        targets=request.targets,
        revisions=preview.with_rows(revisions, connections),
        stores=stores,
        after={
            name: after(history, request.direction, _ids(order, name), current[name])
            for name, history in both.items()
        },
        undoes=undone.id if undone else None,
    )


def _stores(settings: Settings, connections: Connections) -> dict[str, StoreState]:
    asked = heads.ask(settings)
    found = {}
    for name, journal in connections.journals.items():
        current = tuple(sorted(asked[name].answer()))
        tables = STORES[name].tables(connections.drivers[name])
        left = _left(journal, current)
        found[name] = StoreState(str(asked[name].address), current, tables, *left)
    return found


def _left(journal: Journal, current: Sequence[str]) -> tuple[str, ...]:
    """The revision that an earlier run has left half-way in a store, and how far it got."""
    half = unfinished(journal.since_last_end())
    if half is None or half.has_moved(current) or not half.has_begun():
        return ()
    return half.revision, f"half-way in {half.direction} of {half.revision} ({_steps_of(half)})"


def _steps_of(half: Unfinished) -> str:
    states = [line.state for step, line in half.steps.items() if step]
    counted = {state: states.count(state) for state in State if state in states}
    words = {State.SENT: "in doubt", State.DONE: "done", State.FAILED: "failed"}
    return "steps: " + ", ".join(f"{count} {words[state]}" for state, count in counted.items())


def _is_there(release: Release, both: Histories, current: Heads) -> bool:
    """Whether anything that a release brought is applied."""
    return release.direction == Direction.UP and selection.brings(
        both, release.before, release.after, current
    )


def _ids(order: Iterable[Node], name: str) -> set[str]:
    return {revision.id for history, revision in order if history == name}


def after(
    history: History, direction: Direction, moved: Iterable[str], current: Sequence[str]
) -> tuple[str, ...]:
    """The heads of a history at these heads, once the revisions named have moved."""
    there = reach(history.below, history.known(current))
    there = there.union(moved) if direction is Direction.UP else there.difference(moved)
    below = {down for each in there for down in history.below[each]}
    return tuple(sorted(there - below))
