"""The runner of one history: Alembic runs chosen revisions, stamps them, or writes a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.util import CommandError

from analytics.errors import StatementFailed
from analytics.journal.entry import Direction
from analytics.release.histories import AlembicHistory
from analytics.runtime.context import Handover
from analytics.stores.keeping import Lock
from analytics.watch import Watch


def move(
    history: AlembicHistory,
    direction: Direction,
    revisions: Sequence[str],
    *,
    held: Lock,
    watch: Watch,
) -> None:
    """Run these revisions, or take them back, under a lock that is held already.

    Without any, the half-done revision of an earlier run is settled. Raises what the revisions
    raise, LockLost, Interrupted, InDoubt, and StatementFailed for a refusal of Alembic's.
    """
    _hand_over(history, watch, held)
    with _unwrapped():
        _run(history, direction, revisions, {})


def stamp(history: AlembicHistory, revisions: Sequence[str], *, held: Lock, watch: Watch) -> None:
    """Record that a history is at these revisions; without any, at its base.

    Whatever the store says that it is at does not matter: its revision may have no file any more.
    StatementFailed for a refusal of Alembic's.
    """
    _hand_over(history, watch, held)
    with _unwrapped():
        command.stamp(history.config, list(revisions) or "base", purge=True)


def _hand_over(history: AlembicHistory, watch: Watch, held: Lock | None = None) -> None:
    history.config.attributes[Handover.KEY] = Handover(history.resources.settings, watch, held)


@contextmanager
def _unwrapped() -> Iterator[None]:
    """A refusal of Alembic's own becomes an error of ours."""
    try:
        yield
    except CommandError as error:
        raise StatementFailed(str(error), "correct it and run the same command again") from error


def write(
    history: AlembicHistory,
    direction: Direction,
    revisions: Sequence[str],
    *,
    heads: Sequence[str],
    out: TextIO,
) -> None:
    """Write the revisions as a script, for a store that is at these heads; no server is asked."""
    _hand_over(history, Watch())
    options = {"as_sql": True, "starting_rev": tuple(heads) or "base", "output_buffer": out}
    _run(history, direction, revisions, options)


def _run(
    history: AlembicHistory, direction: Direction, revisions: Sequence[str], options: dict[str, Any]
) -> None:
    is_upgrade = direction is Direction.UP
    step: Callable[..., Any] = (
        MigrationStep.upgrade_from_script if is_upgrade else MigrationStep.downgrade_from_script
    )

    def chosen(_heads: object, _context: object) -> list[Any]:
        script = history.script
        return [step(script.revision_map, script.get_revision(each)) for each in revisions]

    context = EnvironmentContext(
        history.config, history.script, fn=chosen, destination_rev=tuple(revisions), **options
    )
    with context:
        history.script.run_env()
