"""A plan: what a release would do to both stores, and the state that it was made for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analytics.definitions import digest
from analytics.errors import PlanError
from analytics.journal.entry import Direction
from analytics.sql.impact import Impact

Heads = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PlannedStep:
    """A statement or a call of a revision; `rows` are about those of the tables concerned."""

    text: str
    digest: str
    impact: Impact
    rows: int | None = None
    reruns: str | None = None  # the author's word on why it may run twice

    @property
    def rows_said(self) -> str:
        """The rows in words; empty if no table is concerned."""
        if not self.impact.tables:
            return ""
        return " (rows not counted)" if self.rows is None else f" (about {self.rows:,} rows)"


@dataclass(frozen=True)
class PlannedRevision:
    """A revision with its steps, as far as they can be told without running it."""

    history: str
    id: str
    title: str
    steps: tuple[PlannedStep, ...]
    is_whole: bool = True  # not if it asks the server what to do

    @property
    def name(self) -> str:
        """As `requires` says it."""
        return f"{self.history}@{self.id}"


@dataclass(frozen=True)
class StoreState:
    """Where a store is and what it looks like."""

    server: str
    heads: tuple[str, ...]
    tables: Mapping[str, str]  # the digests of their definitions
    half_done: str = ""  # the revision that an earlier run has left half-way
    half_done_steps: str = ""  # how far that one got


@dataclass(frozen=True)
class Plan:
    """What would run, in order; `undoes` is the release that it takes back."""

    direction: Direction
    targets: tuple[str, ...]
    revisions: tuple[PlannedRevision, ...]
    stores: Mapping[str, StoreState]
    after: Heads  # where it leads
    undoes: int | None = None

    @property
    def losses(self) -> list[str]:
        """A line for each step that loses data: revision, what is lost, about how many rows."""
        return [
            f"{revision.name}, step {number}: {step.impact.loses}{step.rows_said}"
            for revision in self.revisions
            for number, step in enumerate(revision.steps, start=1)
            if step.impact.loses
        ]

    @property
    def before(self) -> Heads:
        """Where the stores are."""
        return {name: store.heads for name, store in self.stores.items()}

    @property
    def fingerprint(self) -> str:
        """Of the environment, of both states and every step; not of how many rows there are."""
        said = asdict(self)
        for revision in said["revisions"]:
            for step in revision["steps"]:
                del step["rows"]
        return digest(json.dumps(said, sort_keys=True))


def to_json(plan: Plan) -> str:
    """The plan and its fingerprint."""
    said = {"fingerprint": plan.fingerprint} | asdict(plan)
    return json.dumps(said, indent=2, ensure_ascii=False)


def from_json(text: str) -> Plan:
    """What `to_json` has written; PlanError if it is something else."""
    try:
        said = json.loads(text)
        plan = Plan(
            direction=Direction(said["direction"]),
            targets=tuple(said["targets"]),
            revisions=tuple(_revision(each) for each in said["revisions"]),
            stores={name: _store(each) for name, each in said["stores"].items()},
            after={name: tuple(heads) for name, heads in said["after"].items()},
            undoes=said["undoes"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlanError(
            f"this is no plan ({error})", "write one with `analytics plan --json`"
        ) from None
    if plan.fingerprint != said.get("fingerprint"):
        raise PlanError("the plan was edited: its fingerprint is another one", "make it anew")
    return plan


def _revision(said: dict[str, Any]) -> PlannedRevision:
    return PlannedRevision(**said | {"steps": tuple(_step(each) for each in said["steps"])})


def _step(said: dict[str, Any]) -> PlannedStep:
    impact = said["impact"] | {"tables": tuple(said["impact"]["tables"])}
    return PlannedStep(**said | {"impact": Impact(**impact)})


def _store(said: dict[str, Any]) -> StoreState:
    return StoreState(**said | {"heads": tuple(said["heads"])})


def differences(then: Plan, now: Plan) -> list[str]:
    """What has changed between two plans, each thing by its name."""
    return [
        *_changed("", _undone(then), _undone(now)),
        *(
            line
            for name in now.stores
            for line in _moved(name, then.stores[name], now.stores[name])
        ),
        *_changed("", _steps(then), _steps(now)),
    ]


def _undone(plan: Plan) -> dict[str, str]:
    return {f"the undoing of release {plan.undoes}": ""} if plan.undoes else {}


def _moved(name: str, then: StoreState, now: StoreState) -> Iterator[str]:
    for what, before, after in (
        ("is", then.server, now.server),
        ("is at", ", ".join(then.heads) or "base", ", ".join(now.heads) or "base"),
        ("was left", then.half_done_steps or "whole", now.half_done_steps or "whole"),
    ):
        if before != after:
            yield f"{name} {what} {after}, and was {before}"
    yield from _changed(f"table {name}.", then.tables, now.tables)


def _steps(plan: Plan) -> dict[str, str]:
    """Each revision's steps as one text, by the revision's name."""
    return {f"revision {r.name}": repr([s.digest for s in r.steps]) for r in plan.revisions}


def _changed(what: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        if name not in then:
            yield f"{what}{name} is new"
        elif name not in now:
            yield f"{what}{name} is no longer there"
        elif then[name] != now[name]:
            yield f"{what}{name} reads otherwise"
