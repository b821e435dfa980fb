"""What stands before and around a move of a history: the lock, the journal, the refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import psycopg
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import make_url

from analytics import watch
from analytics.errors import AnalyticsError
from analytics.journal.steps import Steps
from analytics.postgres import failure, lock
from analytics.runtime import checks, requirements, resume
from analytics.runtime.context import Move


def run(move: Move, run_migrations: Callable[[], None], *, held: lock.Lock | None) -> None:
    """Run Alembic's command; one that moves a version waits for the lock first.

    `held` is the lock of a release, which has checked its plan and minds Ctrl-C itself.
    Raises LockTimeout, LockLost, InDoubt, Refused, Interrupted.
    """
    if not move.settings.guarded or not _moves(move.migration) or _is_done(move):
        run_migrations()
        return
    if held:
        _run_guarded(move, run_migrations, held, check=lambda _move, _functions: None)
        return
    with _locked(move) as (stoppable, ours):
        _run_guarded(stoppable, run_migrations, ours, check=_check)


def _run_guarded(
    move: Move,
    run_migrations: Callable[[], None],
    held: lock.Lock,
    *,
    check: Callable[[Move, resume.Functions], None],
) -> None:
    steps = move.steps(held)
    steps.journal.create()
    _wait_for_predecessor(move)
    move.migration.opts[Steps.OPTION] = steps
    move.migration.impl.context_opts[Steps.OPTION] = steps
    functions = _remembered(move.migration._migrations_fn)
    check(move, functions)
    move.migration._migrations_fn = partial(resume.revisions, functions, move, steps, held)
    with steps.lines.kept():
        run_migrations()


def _moves(migration: MigrationContext) -> bool:
    """Whether it is an upgrade, a downgrade or a stamp: they alone have a destination."""
    return "destination_rev" in migration.opts and not migration.as_sql


def _is_done(move: Move) -> bool:
    """Whether there is nothing to do; no transaction is left open for the wait that may follow."""
    heads = move.migration.get_current_heads()
    assert move.migration._migrations_fn is not None
    idle = heads and not list(move.migration._migrations_fn(heads, move.migration))
    done = bool(idle) and not move.journal(move.dbapi).since_last_end()
    move.connection.rollback()
    return done


def _remembered(functions: Any) -> resume.Functions:
    """The same revisions for the same heads, asked for once: Alembic takes its time."""

    @cache
    def planned(heads: tuple[str, ...], migration: MigrationContext) -> list[Any]:
        return list(functions(heads, migration))

    return planned


@contextmanager
def _locked(move: Move) -> Iterator[tuple[Move, lock.Lock]]:
    """The lock, held, and the move, which Ctrl-C now stops between two steps only.

    What PostgreSQL raises, also for the other store, is an error of ours.
    """
    url = move.settings.postgres_sqlalchemy_url
    try:
        with (
            lock.held(
                lock.conninfo(url),
                purpose=f"{move.store.name} history",
                timeout=move.settings.lock_timeout,
                watch=move.watch,
            ) as held,
            watch.deferred(move.watch.say) as check,
        ):
            yield move.stopped_by(check), held
    except psycopg.Error as error:
        raise _without_lock(failure.translate(error, make_url(url)), move) from error


def _without_lock(error: AnalyticsError, move: Move) -> AnalyticsError:
    """Who moves another store does not expect to hear of the one that holds the lock."""
    if move.store.holds_lock:
        return error
    return type(error)(
        f"the lock of both histories cannot be had: {error.thing}",
        f"{error.remedy}; or set ANALYTICS_GUARDED=false for a database that nobody else knows of",
    )


def _wait_for_predecessor(move: Move) -> None:
    """Whoever held the lock before may be gone with a statement under way: its end is awaited."""
    move.store.wait_for_predecessor(move.dbapi, database=move.database, watch=move.watch)


def _check(move: Move, functions: resume.Functions) -> None:
    """Refuse before the first statement what could not be finished, or not be repeated."""
    planned = functions(move.migration.get_current_heads(), move.migration)
    revisions = [step for step in planned if isinstance(step, RevisionStep)]
    move.connection.rollback()
    if revisions and move.ini:
        requirements.check(
            move.ini,
            move.store.name,
            {step.revision.revision for step in revisions},
            move.settings,
            up=revisions[0].is_upgrade,
        )
    checks.check(revisions, move.migration)
