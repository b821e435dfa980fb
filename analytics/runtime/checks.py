"""What a move must pass before its first statement: nothing in it may be unsafe to run twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from alembic.runtime.migration import MigrationContext, RevisionStep

from analytics.directive import Directive, Resources
from analytics.errors import Refused
from analytics.runtime import dry_run
from analytics.stores.store import Store


def check(planned: Sequence[RevisionStep], migration: MigrationContext) -> None:
    """Refused if a plain statement of these revisions may run twice, and must not.

    Nothing has to be recorded where a crash makes none run twice.
    """
    resources = cast(Resources, migration.opts[Resources.OPTION])
    if resources.store.is_atomic:
        return
    refuse(
        fault
        for step in planned
        for fault in faults(
            step.revision.revision,
            dry_run.revision(step.migration_fn, resources).steps,
            resources.store,
        )
    )


def faults(revision: str, steps: Iterable[Directive | str], store: Store) -> Iterator[str]:
    """For each statement that may not run twice: its place, why, and what to write instead."""
    for number, step in enumerate(steps, start=1):
        unsafe = store.unsafe(step) if isinstance(step, str) else None
        if unsafe:
            reason, rewrite = unsafe
            place = f"  revision {revision}, step {number}"
            yield f"{place}: {reason}\n    instead: {rewrite}"


def refuse_company(revision: str, steps: Sequence[Directive | str]) -> None:
    """Refused if a step that no rollback undoes is not alone in its revision."""
    if len(steps) == 1:
        return
    for number, step in enumerate(steps, start=1):
        if isinstance(step, Directive) and step.moves_alone:
            raise Refused(
                f"revision {revision}, step {number}: op.{step.name} is not rolled back with the "
                "other steps",
                "give it a revision of its own (nothing was sent)",
            )


def refuse(found: Iterable[str]) -> None:
    """Refused, with the list, if there is any fault."""
    lines = list(found)
    if lines:
        raise Refused(
            "a crash may make a statement run twice, and there are some that may not",
            "write them as shown here (nothing was sent)\n" + "\n".join(lines),
        )
