"""What stands before and around a move of a history: the lock, the journal, the refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache, partial
from typing import Any

import psycopg
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from analytics import gate, interruption, requirements, resuming
from analytics import journal as journals
from analytics.clickhouse import inflight, mutations
from analytics.clickhouse.journal import ClickHouseJournal
from analytics.errors import AnalyticsError
from analytics.journal import Journal
from analytics.move import Move
from analytics.postgres import failure, lock, sessions, words
from analytics.postgres.journal import PostgresJournal
from analytics.settings import database_of
from analytics.steps import STATEMENT, Steps, Work
from analytics.watch import Watch


def run(
    move: Move,
    run_migrations: Callable[[], None],
    *,
    held: lock.Lock | None,
    watch: Watch | None,
) -> None:
    """Run Alembic's command; one that moves a version waits for the lock first.

    `held` is a lock that the caller has already, `watch` his way to look on and to stop it.
    Raises LockTimeout, LockLost, InDoubt, Refused, Interrupted.
    """
    if not move.settings.guarded or not _moves(move.migration) or _is_done(move):
        run_migrations()
        return
    with nullcontext(held) if held else _locked(move) as ours, _watched(move, watch) as watching:
        steps = _steps(move, ours, watching)
        steps.journal.create()
        _wait_for_predecessor(move)
        move.migration.opts[Steps.OPTION] = steps
        move.migration.impl.context_opts[Steps.OPTION] = steps
        functions = _remembered(move.migration._migrations_fn)
        _check(move, functions)
        move.migration._migrations_fn = partial(resuming.revisions, functions, move, steps, ours)
        run_migrations()


@contextmanager
def _watched(move: Move, watch: Watch | None) -> Iterator[Watch]:
    """Whoever looks on; Alembic tells of its revisions itself where nobody else does."""
    if watch:
        yield watch
        return
    with interruption.deferred(move.say) as check:
        yield Watch(move.say, lambda _: None, check)


def _moves(migration: MigrationContext) -> bool:
    """Whether it is an upgrade, a downgrade or a stamp: they alone have a destination."""
    return "destination_rev" in migration.opts and not migration.as_sql


def _is_done(move: Move) -> bool:
    """Whether there is nothing to do; no transaction is left open for the wait that may follow."""
    heads = move.migration.get_current_heads()
    assert move.migration._migrations_fn is not None
    idle = heads and not list(move.migration._migrations_fn(heads, move.migration))
    done = bool(idle) and not _journal(move, move.dbapi).since_last_end()
    move.connection.rollback()
    return done


def _remembered(functions: Any) -> resuming.Functions:
    """The same revisions for the same heads, asked for once: Alembic takes its time."""

    @cache
    def planned(heads: tuple[str, ...], migration: MigrationContext) -> list[Any]:
        return list(functions(heads, migration))

    return planned


def _journal(move: Move, connection: Any) -> Journal:
    kind = ClickHouseJournal if move.is_clickhouse else PostgresJournal
    return kind(connection, journals.table(move.migration.version_table))


@contextmanager
def _locked(move: Move) -> Iterator[lock.Lock]:
    """The lock, held; what PostgreSQL raises, also for the other store, as an error of ours."""
    url = move.settings.postgres_sqlalchemy_url
    try:
        with lock.held(
            lock.conninfo(url),
            purpose=f"{'clickhouse' if move.is_clickhouse else 'postgres'} history",
            timeout=move.settings.lock_timeout,
            say=move.say,
        ) as held:
            yield held
    except psycopg.Error as error:
        raise _without_lock(failure.translate(error, make_url(url)), move) from error


def _without_lock(error: AnalyticsError, move: Move) -> AnalyticsError:
    """Who moves the ClickHouse history does not expect to hear of PostgreSQL."""
    if not move.is_clickhouse:
        return error
    return type(error)(
        f"the lock of both histories cannot be had: {error.thing}",
        f"{error.remedy}; or set ANALYTICS_GUARDED=false for a database that nobody else knows of",
    )


def _steps(move: Move, held: lock.Lock, watch: Watch) -> Steps:
    url = move.settings.clickhouse_url if move.is_clickhouse else move.settings.postgres_url
    assert url is not None

    def check() -> None:
        watch.check()
        held.check()

    return Steps(
        database=database_of(url),
        journal=_journal(move, move.dbapi if move.is_clickhouse else held.connection),
        check=check,
        wrote=watch.wrote,
        settle=partial(inflight.settle, move.dbapi, say=move.say)
        if move.is_clickhouse
        else lambda _: None,
        finish=partial(_finish, move) if move.is_clickhouse else lambda _: None,
        refused=_is_refusal,
        redact=move.names.redact,
        is_atomic=not move.is_clickhouse,
    )


def _finish(move: Move, work: Work) -> None:
    """Wait for the mutations that a statement has ordered; operations of ours order none."""
    if work.kind == STATEMENT:
        mutations.wait(move.dbapi, work.text, say=move.say)


def _is_refusal(error: BaseException) -> bool:
    """Whether a server said no: whatever else came instead of an answer leaves a doubt."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate is not None and cause.sqlstate not in words.SHUTDOWN
    if isinstance(cause, AnalyticsError):
        return True
    return "Code: " in str(getattr(cause, "orig", ""))  # ClickHouse's; a gateway's has none


def _wait_for_predecessor(move: Move) -> None:
    """Whoever held the lock before may be gone with a statement under way: its end is awaited."""
    if move.is_clickhouse:
        database = move.connection.engine.url.database
        inflight.wait(move.dbapi, f"{database}/", say=move.say)
    else:
        sessions.wait_for_others(move.dbapi, say=move.say)


def _check(move: Move, functions: resuming.Functions) -> None:
    """Refuse before the first statement what could not be finished, or not be repeated."""
    planned = functions(move.migration.get_current_heads(), move.migration)
    revisions = [step for step in planned if isinstance(step, RevisionStep)]
    move.connection.rollback()
    if revisions and move.ini:
        requirements.check(
            move.ini,
            "clickhouse" if move.is_clickhouse else "postgres",
            {step.revision.revision for step in revisions},
            move.settings,
            up=revisions[0].is_upgrade,
        )
    if move.is_clickhouse:
        gate.check(revisions, move.migration)
