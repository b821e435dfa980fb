"""Chosen revisions of one history, run by Alembic: in its environment, or as a script."""

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
from analytics.postgres.lock import Lock
from analytics.release.preview import AlembicHistory
from analytics.runtime.context import Handover
from analytics.watch import Watch


def move(
    pages: AlembicHistory,
    direction: Direction,
    revisions: Sequence[str],
    *,
    held: Lock,
    watch: Watch,
) -> None:
    """Run these revisions, or take them back, under a lock that is held already.

    Without any, what an earlier run has left half-way is settled. Raises what they raise.
    """
    _hand_over(pages, watch, held)
    with _unwrapped():
        _run(pages, direction, revisions, {})


def stamp(pages: AlembicHistory, revisions: Sequence[str], *, held: Lock, watch: Watch) -> None:
    """Write down that a history is at these revisions; at none of them, at its base."""
    _hand_over(pages, watch, held)
    with _unwrapped():
        command.stamp(pages.config, list(revisions) or "base")


def _hand_over(pages: AlembicHistory, watch: Watch, held: Lock | None = None) -> None:
    pages.config.attributes[Handover.KEY] = Handover(pages.resources.settings, watch, held)


@contextmanager
def _unwrapped() -> Iterator[None]:
    """What Alembic itself refuses is an error of ours."""
    try:
        yield
    except CommandError as error:
        raise StatementFailed(str(error), "mend it and run the same command again") from error


def write(
    pages: AlembicHistory,
    direction: Direction,
    revisions: Sequence[str],
    *,
    heads: Sequence[str],
    out: TextIO,
) -> None:
    """The same as a script, for a store that is at these heads; no server is asked."""
    _hand_over(pages, Watch())
    options = {"as_sql": True, "starting_rev": tuple(heads) or "base", "output_buffer": out}
    _run(pages, direction, revisions, options)


def _run(
    pages: AlembicHistory, direction: Direction, revisions: Sequence[str], options: dict[str, Any]
) -> None:
    is_upgrade = direction is Direction.UP
    step: Callable[..., Any] = (
        MigrationStep.upgrade_from_script if is_upgrade else MigrationStep.downgrade_from_script
    )

    def chosen(_heads: object, _context: object) -> list[Any]:
        script = pages.script
        return [step(script.revision_map, script.get_revision(each)) for each in revisions]

    context = EnvironmentContext(
        pages.config, pages.script, fn=chosen, destination_rev=tuple(revisions), **options
    )
    with context:
        pages.script.run_env()
