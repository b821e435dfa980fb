"""The revisions of a move, recorded in the journal as they run; a half-done one comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep

from analytics.errors import LockLost
from analytics.journal.entry import TAKE_BACK, Direction, Unfinished, unfinished
from analytics.journal.steps import Steps
from analytics.runtime.context import Move
from analytics.stores.keeping import Lock

Functions = Callable[..., Iterable[Any]]


def revisions(
    functions: Functions,
    move: Move,
    steps: Steps,
    held: Lock,
    heads: tuple[str, ...],
    migration: MigrationContext,
) -> Iterator[Any]:
    """The revisions that Alembic is to run, each between its first and last line in the journal.

    Raises LockLost and Interrupted before a revision; a half-done one is settled first.
    """
    planned = list(functions(heads, migration))
    half = _settled(planned, move, steps, held, heads)
    for step in planned:
        if not isinstance(step, RevisionStep):
            yield step  # a stamp: nothing runs
            continue
        direction = Direction.UP if step.is_upgrade else Direction.DOWN
        _may_begin(step.revision.revision, direction, move, held)
        steps.begin(step.revision.revision, direction, half)
        step.migration_fn = _watched_function(step.migration_fn, move, steps)
        yield step
        steps.end()
        half = None


def _settled(
    planned: list[Any], move: Move, steps: Steps, held: Lock, heads: tuple[str, ...]
) -> Unfinished | None:
    """The half-done revision that the first planned one continues; any other is ended here."""
    half = unfinished(steps.journal.since_last_end())
    if half is None:
        return None
    if half.has_moved(heads) or not half.has_begun():
        steps.close(half)
    elif planned and not isinstance(planned[0], RevisionStep):
        steps.close(half, "stamped")  # a stamp says where the store is
    elif planned and planned[0].revision.revision == half.revision:
        return half
    else:
        _take_back(half, move, steps, held, is_applied=half.revision in heads)
    return None


def _may_begin(revision: str, direction: Direction, move: Move, held: Lock) -> None:
    """Return if the lock is held and no stop is wanted; processes that wait see the purpose."""
    move.watch.check()
    held.name(f"{direction} {revision}")


def _watched_function(
    function: Callable[..., None], move: Move, steps: Steps
) -> Callable[..., None]:
    """A revision's function: it waits for locks as its store does, and a failure is recorded."""

    @wraps(function)
    def watched(**arguments: Any) -> None:
        try:
            move.store.run_revision(
                partial(function, **arguments),
                move.connection,
                move.settings,
                steps=steps,
                watch=move.watch,
            )
            steps.lines.end_earlier()
        except LockLost:
            raise  # no further line may be written
        except Exception as error:
            steps.fail(error)
            error.add_note(steps.place(getattr(error, "statement", None)))
            raise

    return watched


def _take_back(half: Unfinished, move: Move, steps: Steps, held: Lock, *, is_applied: bool) -> None:
    """Bring a half-done revision to the state that the version table shows."""
    script = move.migration.script
    assert script is not None
    revision = script.get_revision(half.revision)
    assert revision is not None
    direction = Direction.UP if is_applied else Direction.DOWN
    move.watch.say(f"revision {half.revision} is half done: its {direction} runs first")
    _may_begin(half.revision, direction, move, held)
    steps.begin(half.revision, direction, half, kind=TAKE_BACK)
    function = revision.module.upgrade if is_applied else revision.module.downgrade
    with move.migration.begin_transaction(_per_migration=True):
        _watched_function(function, move, steps)()
    steps.end("a half was taken back")
