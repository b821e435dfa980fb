"""The Plan: the revisions of a release with their steps, and the state of both stores before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from analytics.definitions import digest
from analytics.journal.entry import Direction
from analytics.sql.impact import Impact

Heads = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PlannedStep:
    """A statement or a call of a revision; `rows` is the estimate for its tables."""

    text: str
    digest: str
    impact: Impact
    rows: int | None = None
    reruns: str | None = None  # the reason of its author why it may run twice
    needs: tuple[str, ...] = ()  # settings without which it cannot run
    privileges: tuple[str, ...] = ()  # of its store, without which it cannot run
    allowed: str | None = None  # the reason of its author why it may lose what it loses

    @property
    def rows_said(self) -> str:
        """The rows in words; empty if the step concerns no table."""
        if not self.impact.tables:
            return ""
        return " (rows not counted)" if self.rows is None else f" (about {self.rows:,} rows)"


@dataclass(frozen=True)
class PlannedRevision:
    """A revision with its steps, as far as they are known without running it."""

    history: str
    id: str
    title: str
    steps: tuple[PlannedStep, ...]
    is_whole: bool = True  # False if it asks the server what to do

    @property
    def name(self) -> str:
        """The name as `requires` has it."""
        return f"{self.history}@{self.id}"


@dataclass(frozen=True)
class StoreState:
    """The state of a store: its heads, its tables, and what an earlier run has not finished."""

    server: str
    heads: tuple[str, ...]
    tables: Mapping[str, str]  # the digests of their definitions
    half_done: str = ""  # the revision that an earlier run has not finished
    half_done_steps: str = ""  # how far that run got, in words


@dataclass(frozen=True)
class Plan:
    """The revisions to run, in order; `undoes` is the release that they take back."""

    direction: Direction
    targets: tuple[str, ...]
    revisions: tuple[PlannedRevision, ...]
    stores: Mapping[str, StoreState]
    after: Heads  # the heads in the end
    undoes: int | None = None

    @property
    def before(self) -> Heads:
        """The heads of the stores before it runs."""
        return {name: store.heads for name, store in self.stores.items()}

    @property
    def command(self) -> str:
        """The command that makes it again, as a file."""
        down = ("--downgrade",) if self.direction is Direction.DOWN else ()
        return " ".join(("analytics plan", *self.targets, *down, "--json"))

    @property
    def fingerprint(self) -> str:
        """A digest of the direction, both states and every step, but not of the numbers of rows."""
        values = asdict(self)
        for revision in values["revisions"]:
            for step in revision["steps"]:
                del step["rows"]
        return digest(json.dumps(values, sort_keys=True))


def differences(then: Plan, now: Plan) -> list[str]:
    """The changes between two plans, each with the name of what has changed."""
    return [
        *changed("", _undone(then), _undone(now)),
        *(
            line
            for name in now.stores
            for line in _moved(name, then.stores[name], now.stores[name])
        ),
        *changed("", _steps(then), _steps(now)),
    ]


def _undone(plan: Plan) -> dict[str, str]:
    return {f"the undoing of release {plan.undoes}": ""} if plan.undoes else {}


def _moved(name: str, then: StoreState, now: StoreState) -> Iterator[str]:
    for what, before, after in (
        ("is", then.server, now.server),
        ("is at", ", ".join(then.heads) or "base", ", ".join(now.heads) or "base"),
        ("is", then.half_done_steps or "whole", now.half_done_steps or "whole"),
    ):
        if before != after:
            yield f"{name} {what} {after}, and was {before}"
    yield from changed(f"table {name}.", then.tables, now.tables)


def _steps(plan: Plan) -> dict[str, str]:
    """Each revision's steps as one text, by the revision's name."""
    return {f"revision {r.name}": repr([s.digest for s in r.steps]) for r in plan.revisions}


def changed(what: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        if name not in then:
            yield f"{what}{name} is new"
        elif name not in now:
            yield f"{what}{name} no longer exists"
        elif then[name] != now[name]:
            yield f"{what}{name} has changed"
