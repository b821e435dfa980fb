"""A rehearsal: a plan run on private stores, there, back and there again, before it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from analytics.directive import Directive
from analytics.errors import AnalyticsError, Refused, located
from analytics.history import project
from analytics.history.names import NAMES
from analytics.journal.entry import Direction
from analytics.release import run as release
from analytics.release.errors import RehearsalFailed
from analytics.release.histories import alembic_histories
from analytics.release.plan import Heads, Plan, changed
from analytics.runtime import dry_run
from analytics.settings import Settings
from analytics.watch import Watch

OPPOSITE = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
Tables = Mapping[str, Mapping[str, str]]  # the digests of each store's definitions


def possible(made: Plan) -> None:
    """Refused if a plan cannot be rehearsed: a store is half-way, or at several heads."""
    for name, store in made.stores.items():
        if store.half_done:
            raise Refused(
                f"{name} is {store.half_done_steps}",
                "finish that release with `analytics upgrade`, or take it back with "
                "`analytics downgrade`; correct its revision first, if that is why it stopped",
            )
        for heads in (store.heads, made.after[name]):
            _only(name, heads)


def check(made: Plan, private: Settings, watch: Watch) -> list[str]:
    """Run a plan both ways on empty private stores; what the rehearsal could not know.

    The stores are first brought to where the plan begins, by the revisions themselves; the plan is
    `possible`. RehearsalFailed if they cannot get there, if the plan or its way back cannot run, or
    if the way back leaves other tables.
    """
    began, opposite = Direction.UP, OPPOSITE[made.direction]
    with _explained("the revisions that are there cannot run on empty stores", "correct them"):
        _move(private, began, {}, made.before, watch)
    before = _tables(private)
    with _explained("this release cannot run", "correct the revision"):
        _move(private, made.direction, made.before, made.after, watch)
    with _explained("its way back cannot run", "correct the other function of the revision"):
        _move(private, opposite, made.after, made.before, watch)
    if lines := list(_differences(before, _tables(private))):
        raise RehearsalFailed(
            f"its way back leaves other tables: {'; '.join(lines)}",
            "let it undo all that the release does",
        )
    with _explained("it cannot run again after its way back", "let that undo all of it"):
        _move(private, made.direction, made.before, made.after, watch)
    actual = {name: store.tables for name, store in made.stores.items()}
    return list(_differences(before, actual))


def whole(private: Settings, watch: Watch) -> None:
    """Run all revisions on empty private stores, take them back, and run them again.

    RehearsalFailed if one of the three cannot run, or if the way back leaves a table.
    """
    base: Heads = {name: () for name in project.read(private.ini.file)}
    heads: Heads = {name: each.heads for name, each in project.read(private.ini.file).items()}
    with _explained("the histories cannot run on empty stores", "correct the revision"):
        _move(private, Direction.UP, base, heads, watch)
    with _explained("the way back cannot run", "correct the other function of the revision"):
        _move(private, Direction.DOWN, heads, base, watch)
    if left := [f"{name}.{each}" for name, tables in _tables(private).items() for each in tables]:
        raise RehearsalFailed(
            f"the way back leaves {', '.join(left)}", "let it undo all that the way up does"
        )
    with _explained("they cannot run again after their way back", "let that undo all of it"):
        _move(private, Direction.UP, base, heads, watch)


def needs_kafka(settings: Settings) -> bool:
    """Whether a revision of the project speaks to Kafka or to Connect; no server is asked."""
    return any(
        isinstance(step, Directive) and step.servers
        for history in alembic_histories(settings).values()
        for each in history.script.walk_revisions()
        for step in dry_run.revision(each.module.upgrade, history.resources).steps
    )


@contextmanager
def _explained(what: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except AnalyticsError as error:
        there = located(error).removesuffix(f": {error.remedy}")
        raise RehearsalFailed(f"{what}: {there}", f"{remedy} ({error.remedy})") from error


def _move(
    private: Settings, direction: Direction, before: Heads, after: Heads, watch: Watch
) -> None:
    """From these heads to those; whatever would be lost may be, since there is nothing."""
    targets = tuple(
        f"{name}@{_only(name, heads)}"
        for name, heads in after.items()
        if tuple(heads) != tuple(before.get(name, ()))
    )
    if targets:
        release.run(
            private, direction, targets, watch=watch, planned=_nothing, agrees=lambda _: True
        )


def _only(name: str, heads: tuple[str, ...]) -> str:
    if len(heads) > 1:
        raise Refused(
            f"{name} has several heads ({', '.join(heads)})",
            f"merge them with `{NAMES[name].command} merge heads`; if the store is at them "
            "already, run `analytics upgrade` as well; then check again",
        )
    return heads[0] if heads else "base"


def _nothing(_: Plan) -> None:
    """The plan of a rehearsal is shown to nobody."""


def _tables(private: Settings) -> Tables:
    stores = release.plan(private, Direction.UP, ()).stores
    return {name: store.tables for name, store in stores.items()}


def _differences(then: Tables, now: Tables) -> Iterator[str]:
    for name in then:
        yield from changed(f"table {name}.", then[name], now[name])
