"""The guard around a move of a history: lock, journal and checks, imported when there is a move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from alembic.runtime.migration import MigrationContext, RevisionStep

from analytics import watch
from analytics.errors import AnalyticsError
from analytics.journal.steps import Steps
from analytics.runtime.context import Move
from analytics.stores import keeping

if TYPE_CHECKING:
    from analytics.runtime import resume
    from analytics.stores.keeping import Lock


def run(move: Move, run_migrations: Callable[[], None], *, held: Lock | None) -> None:
    """Run Alembic's command; one that moves a version waits for the lock first.

    `held` is the lock of a release, which has checked its plan and handles Ctrl-C itself. Raises
    LockTimeout, LockLost, InDoubt, Refused, Interrupted, what the store's driver raises, and
    without `held` RequirementMissing, StillRequired and Irreversible.
    """
    is_guarded = move.settings.guarded and _moves(move.migration)
    if is_guarded and _is_done(move):
        run_migrations()
        return
    register_operations()
    if not is_guarded:
        run_migrations()
        return
    if held:
        _run_guarded(move, run_migrations, held, check=lambda _move, _functions: None)
        return
    with _locked(move) as (stoppable, ours):
        _run_guarded(stoppable, run_migrations, ours, check=_check)


def register_operations() -> None:
    """Register every op.* with Alembic, before a revision calls one."""
    import analytics.operations  # noqa: F401


def _run_guarded(
    move: Move,
    run_migrations: Callable[[], None],
    held: Lock,
    *,
    check: Callable[[Move, resume.Functions], None],
) -> None:
    from analytics.runtime import resume

    held.fence(move.dbapi)
    steps = move.steps(held)
    steps.journal.create()
    move.store.wait_for_predecessor(move.dbapi, database=move.database, watch=move.watch)
    move.migration.opts[Steps.OPTION] = steps
    move.migration.impl.context_opts[Steps.OPTION] = steps
    functions = _remembered(move.migration._migrations_fn)
    check(move, functions)
    move.migration._migrations_fn = partial(resume.revisions, functions, move, steps, held)
    with steps.lines.kept():
        run_migrations()


def _moves(migration: MigrationContext) -> bool:
    """Whether it is an upgrade, a downgrade or a stamp: only these have a destination."""
    return "destination_rev" in migration.opts and not migration.as_sql


def _heads(migration: MigrationContext) -> tuple[str, ...]:
    """The heads that the command starts from: none for a stamp that purges them first."""
    return () if migration.purge else migration.get_current_heads()


def _is_done(move: Move) -> bool:
    """Whether there is nothing to do; no transaction stays open during a wait that may follow."""
    heads = _heads(move.migration)
    assert move.migration._migrations_fn is not None
    idle = heads and not list(move.migration._migrations_fn(heads, move.migration))
    done = bool(idle) and not move.journal(move.dbapi).since_last_end()
    move.connection.rollback()
    return done


def _remembered(functions: Any) -> resume.Functions:
    """The revisions for some heads, computed once: Alembic takes long over it."""

    @cache
    def planned(heads: tuple[str, ...], migration: MigrationContext) -> list[Any]:
        return list(functions(heads, migration))

    return planned


@contextmanager
def _locked(move: Move) -> Iterator[tuple[Move, Lock]]:
    """The move, which Ctrl-C now stops between two steps only, and the lock, held.

    An exception of the store that keeps it becomes an error of ours, also when another is moved.
    """
    keeper, purpose = move.keeper, f"{move.store.name} history"
    try:
        with (
            keeping.of(keeper).locked(move.settings, purpose, move.watch) as held,
            watch.deferred(move.watch.say) as check,
        ):
            yield move.stopped_by(check), held
    except keeper.raised as error:
        cause = _without_lock(keeper.translate(error, move.settings), move)
        cause.__notes__ = list(getattr(error, "__notes__", ()))
        raise cause from error


def _without_lock(error: AnalyticsError, move: Move) -> AnalyticsError:
    """The error for a user who moves another store than the one that is meant."""
    if move.keeps_lock:
        return error
    return type(error)(
        f"the lock of the histories cannot be had: {error.thing}",
        f"{error.remedy}; or set ANALYTICS_GUARDED=false for a database that no other process uses",
    )


def _check(move: Move, functions: resume.Functions) -> None:
    """Refuse before the first statement a move that could not be finished, or repeated."""
    from analytics.runtime import checks

    planned = functions(_heads(move.migration), move.migration)
    revisions = [step for step in planned if isinstance(step, RevisionStep)]
    move.connection.rollback()
    if revisions and move.ini:
        moving = {step.revision.revision for step in revisions}
        up = revisions[0].is_upgrade
        checks.check_requirements(move.ini, move.store.name, moving, move.settings, up=up)
    checks.check_reruns(revisions, move.migration)
