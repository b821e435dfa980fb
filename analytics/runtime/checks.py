"""The checks of a move before its first statement: it can be finished, and parts of it repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from alembic.runtime.migration import MigrationContext, RevisionStep

from analytics.directive import Directive, Resources
from analytics.errors import Refused
from analytics.history import order, project
from analytics.runtime import dry_run
from analytics.settings import Settings
from analytics.stores import heads
from analytics.stores.store import Store


def check_requirements(
    ini: Path, history: str, moving: set[str], settings: Settings, *, up: bool
) -> None:
    """Return if the other store is at the revisions that these ones need.

    Raises RequirementMissing upwards, StillRequired or Irreversible downwards. The stores are
    asked for their heads only if revisions of one history require some of the other. A project
    with one history has nothing to check.
    """
    if not all(place.is_dir() for place in project.places(ini).values()):
        return
    both = project.read(ini)
    order.check(both)
    chosen = {history: both[history].among(moving)}
    if not any(revision.requires for each in both.values() for revision in each.revisions):
        applied = {} if up else {history: both[history].revisions}
    else:
        questions = heads.ask(settings)
        applied = {name: tuple(h.applied(questions[name].answer())) for name, h in both.items()}
    (order.upwards if up else order.downwards)(chosen, applied)


def check_reruns(planned: Sequence[RevisionStep], migration: MigrationContext) -> None:
    """Refused if a plain statement of these revisions may run twice, and must not.

    Nothing is recorded for a store in which a crash makes no statement run twice.
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
    """A text for each statement that must not run twice: its place, the reason, a replacement."""
    for number, step in enumerate(steps, start=1):
        unsafe = store.unsafe(step) if isinstance(step, str) else None
        if unsafe:
            reason, rewrite = unsafe
            place = f"  revision {revision}, step {number}"
            yield f"{place}: {reason}\n    instead: {rewrite}"


def refuse(texts: Iterable[str]) -> None:
    """Refused, with the list, if there is any fault."""
    lines = list(texts)
    if lines:
        raise Refused(
            "a crash may make a statement run twice, and some of these must not",
            "write them as shown here (nothing was sent)\n" + "\n".join(lines),
        )
