"""The planner: it reads the state of both stores, chooses the revisions and previews them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.errors import TargetError
from analytics.history import project, selection
from analytics.history.graph import History, reach
from analytics.history.order import Node
from analytics.journal.entry import Direction, Journal, State, Unfinished, unfinished
from analytics.journal.releases import Release
from analytics.release import preview
from analytics.release.histories import AlembicHistory
from analytics.release.plan import Heads, Plan, StoreState
from analytics.settings import Settings
from analytics.stores import STORES, heads
from analytics.stores.connections import Connections

Histories = Mapping[str, History]


@dataclass(frozen=True)
class Request:
    """A direction and targets (see `selection`); downwards without one, a release is undone."""

    direction: Direction
    targets: tuple[str, ...]
    releases: Sequence[Release]  # all earlier ones, the oldest first

    def undoes(self, both: Histories, current: Heads) -> Release | None:
        """The release to take back: that of an undoing which stopped, else the last one applied.

        None unless a release is to be undone; TargetError if there is none.
        """
        if self.targets or self.direction is Direction.UP:
            return None
        newest = self.releases[-1] if self.releases else None
        if newest and newest.ended is None and newest.undoes:
            return next(each for each in self.releases if each.id == newest.undoes)
        if newest and newest.ended is None and newest.direction == Direction.UP:
            return newest  # even if it has stopped before anything was applied
        for each in reversed(self.releases):
            if _is_applied(each, both, current):
                return each
        raise _nothing_to_undo(current)

    def order(self, both: Histories, current: Heads, undone: Release | None) -> list[Node]:
        """The revisions to run or to take back, in order; raises as `selection` does."""
        if undone:
            return selection.undo(both, undone.before, undone.after, current)
        if self.direction is Direction.UP:
            return selection.upgrade(both, self.targets or ("heads",), current)
        return selection.downgrade(both, self.targets, current)


def _nothing_to_undo(current: Heads) -> TargetError:
    places = [f"{name}@-1" for name, heads in current.items() if heads]
    remedy = f"name a target: `analytics downgrade {places[-1]}`" if places else ""
    return TargetError(
        "there is no release to undo", remedy or "`analytics upgrade` makes one: nothing is applied"
    )


def make(
    settings: Settings,
    request: Request,
    connections: Connections,
    histories: Mapping[str, AlembicHistory],
) -> Plan:
    """The plan of a request.

    Raises TargetError, RequirementMissing, StillRequired, Irreversible, Refused (also for a
    statement that must not run twice), HistoryError and Unreachable.
    """
    stores = _stores(settings, connections)
    both = project.read(settings.ini.file)
    current = {name: store.heads for name, store in stores.items()}
    undone = request.undoes(both, current)
    order = request.order(both, current, undone)
    revisions = preview.revisions(histories, request.direction, order, connections)
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
    questions = heads.ask(settings)
    states = {}
    for name, journal in connections.journals.items():
        current = tuple(sorted(questions[name].answer()))
        tables = STORES[name].tables(connections.drivers[name])
        half = _half_done(journal, current)
        states[name] = StoreState(str(questions[name].address), current, tables, *half)
    return states


def _half_done(journal: Journal, current: Sequence[str]) -> tuple[str, ...]:
    """The revision that an earlier run has not finished in a store, and how far that run got."""
    half = unfinished(journal.since_last_end())
    if half is None or half.has_moved(current) or not half.has_begun():
        return ()
    return half.revision, f"half-way in {half.direction} of {half.revision} ({_steps_of(half)})"


def _steps_of(half: Unfinished) -> str:
    states = [line.state for step, line in half.steps.items() if step]
    counted = {state: states.count(state) for state in State if state in states}
    words = {State.SENT: "in doubt", State.DONE: "done", State.FAILED: "failed"}
    return "steps: " + ", ".join(f"{count} {words[state]}" for state, count in counted.items())


def _is_applied(release: Release, both: Histories, current: Heads) -> bool:
    """Whether any revision that a release has run is applied."""
    return release.direction == Direction.UP and selection.brings(
        both, release.before, release.after, current
    )


def _ids(order: Iterable[Node], name: str) -> set[str]:
    return {revision.id for history, revision in order if history == name}


def after(
    history: History, direction: Direction, moved: Iterable[str], current: Sequence[str]
) -> tuple[str, ...]:
    """The heads of a history after these revisions have moved, which was at the current ones.

    TargetError if a current head has no file.
    """
    applied = reach(history.below, history.known(current))
    applied = applied.union(moved) if direction is Direction.UP else applied.difference(moved)
    below = {down for each in applied for down in history.below[each]}
    return tuple(sorted(applied - below))
