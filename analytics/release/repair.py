"""What a person can do about both stores by hand: read journals, settle a step, stamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analytics.errors import JournalError
from analytics.history import project, selection, targets
from analytics.journal.entry import REVISION, Entry, State, now, unfinished
from analytics.release import preview, runner
from analytics.settings import Settings
from analytics.stores import connections
from analytics.watch import Watch


def lines(settings: Settings, run: str = "") -> list[tuple[str, Entry]]:
    """The lines of the runs whose id begins so, each with its history, in the order of time."""
    with connections.opened(settings) as both:
        journals = both.journals.items()
        found = [(name, line) for name, journal in journals for line in journal.of_run(run)]
    return sorted(found, key=lambda each: each[1].at)


def resolve(
    settings: Settings,
    run: str,
    step: int,
    *,
    state: State,
    reason: str,
    say: Callable[[str], None],
) -> Entry:
    """Write down what a person says of a step of a revision that has not ended; that line.

    JournalError if there is no such step; LockTimeout if somebody is at work.
    """
    with connections.locked(settings, f"resolve {run[:8]} {step}", Watch(say)) as (both, _):
        for journal in both.journals.values():
            half = unfinished(journal.since_last_end())
            line = half.steps.get(step) if half and step != REVISION else None
            if line and line.run.startswith(run):
                said = f"resolved: {reason}"
                settled = replace(line, state=state, detail=said, at=now())
                journal.append(settled)
                return settled
    raise JournalError(
        f"no revision that is under way has a step {step} of run {run}",
        "`analytics journal` lists the runs and their steps",
    )


def stamp(
    settings: Settings, named: tuple[str, ...], *, watch: Watch
) -> dict[str, tuple[str, ...]]:
    """Write down where the histories that are named are, without running anything; their heads.

    Raises TargetError, LockTimeout.
    """
    both, pages = project.read(), preview.pages(settings)
    heads = {
        name: targets.upper(both[name], target)
        for name, target in selection.parse(both, named).items()
    }
    with connections.locked(settings, "stamp of both stores", watch) as (_, held):
        for name, revisions in heads.items():
            runner.stamp(pages[name], revisions, held=held, watch=watch)
    return heads
