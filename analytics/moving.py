"""Chosen revisions of one history, run by Alembic: in its environment, or as a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.util import CommandError

from analytics.errors import AnalyticsError, StatementFailed
from analytics.forecast import Pages
from analytics.journal import Direction
from analytics.postgres.lock import Lock
from analytics.watch import Watch


def move(
    pages: Pages, direction: Direction, revisions: Sequence[str], *, held: Lock, watch: Watch
) -> None:
    """Run these revisions, or take them back, under a lock that is held already.

    Without any, what an earlier run has left half-way is settled. Raises what they raise.
    """
    pages.config.attributes.update(lock=held, watch=watch)
    with _unwrapped():
        _run(pages, direction, revisions, {})


def stamp(pages: Pages, revisions: Sequence[str], *, held: Lock, watch: Watch) -> None:
    """Write down that a history is at these revisions; at none of them, at its base."""
    pages.config.attributes.update(lock=held, watch=watch)
    with _unwrapped():
        command.stamp(pages.config, list(revisions) or "base")


@contextmanager
def _unwrapped() -> Iterator[None]:
    """What our environment hands to plain Alembic as its own error is an error of ours again."""
    try:
        yield
    except CommandError as error:
        if isinstance(error.__cause__, AnalyticsError):
            raise error.__cause__ from None
        raise StatementFailed(str(error), "mend it and run the same command again") from error


def write(
    pages: Pages,
    direction: Direction,
    revisions: Sequence[str],
    *,
    heads: Sequence[str],
    out: TextIO,
) -> None:
    """The same as a script, for a store that is at these heads; no server is asked."""
    options = {"as_sql": True, "starting_rev": tuple(heads) or "base", "output_buffer": out}
    _run(pages, direction, revisions, options)


def _run(
    pages: Pages, direction: Direction, revisions: Sequence[str], options: dict[str, Any]
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
