"""Repairs by hand: read the journals of both stores, settle a step, stamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analytics.errors import JournalError
from analytics.history import project, selection, targets
from analytics.journal.entry import RESOLVED, REVISION, Entry, State, now, unfinished
from analytics.journal.person import who
from analytics.release import runner
from analytics.release.histories import alembic_histories
from analytics.settings import Settings
from analytics.stores import connections
from analytics.watch import Watch


def lines(settings: Settings, run: str = "") -> list[tuple[str, Entry]]:
    """The lines of the runs whose id begins with `run`, each with its history, by time."""
    with connections.opened(settings) as both:
        journals = both.journals.items()
        read = [(name, line) for name, journal in journals for line in journal.of_run(run)]
    return sorted(read, key=lambda each: each[1].at)


def prune(settings: Settings, days: int, *, watch: Watch) -> dict[str, int]:
    """Delete lines of the journals that are older than so many days; their number, by history.

    Those of an unfinished revision stay. Raises LockTimeout.
    """
    before = f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}"
    with connections.locked(settings, "journal --prune", watch) as (both, _):
        return {name: journal.prune(before) for name, journal in both.journals.items()}


def resolve(
    settings: Settings,
    run: str,
    step: int,
    *,
    state: State,
    reason: str,
    say: Callable[[str], None],
) -> Entry:
    """Record the user's word on a step of a revision that has not ended; returns its line.

    JournalError if there is no such step, LockTimeout if another process holds the lock.
    """
    with connections.locked(settings, f"resolve {run[:8]} {step}", Watch(say)) as (both, _):
        for journal in both.journals.values():
            half = unfinished(journal.since_last_end())
            line = half.steps.get(step) if half and step != REVISION else None
            if line and line.run.startswith(run):
                settled = replace(line, state=state, detail=f"{RESOLVED}{reason}", at=now())
                journal.append(settled)
                return settled
        remedy = _unfinished(both)
    raise JournalError(f"no unfinished revision has a step {step} of run {run}", remedy)


def abandon(settings: Settings, run: str, reason: str, *, say: Callable[[str], None]) -> Entry:
    """Record that the unfinished revision of a run is left as it is; returns the last line.

    Its version does not move, and nothing is sent: what it has done stays, and what it has not
    done does not come. JournalError if the run has left no revision unfinished, LockTimeout.
    """
    with connections.locked(settings, f"resolve {run[:8]}", Watch(say)) as (both, _):
        for journal in both.journals.values():
            half = unfinished(journal.since_last_end())
            if half and any(line.run.startswith(run) for line in half.steps.values()):
                detail = f"abandoned: {reason}"
                last = half.steps[REVISION]
                ended = replace(last, state=State.DONE, detail=detail, at=now(), who=who())
                journal.append(ended)
                return ended
        remedy = _unfinished(both)
    raise JournalError(f"run {run} has left no revision unfinished", remedy)


def _unfinished(both: connections.Connections) -> str:
    """The runs that have left a revision unfinished, each with the command that shows its steps."""
    halves = (unfinished(journal.since_last_end()) for journal in both.journals.values())
    runs = dict.fromkeys(line.run[:8] for half in halves if half for line in half.steps.values())
    if not runs:
        return "no revision is unfinished: run your own command again"
    shown = ", ".join(f"`analytics journal {run}`" for run in runs)
    return f"the steps of what is unfinished: {shown}"


def stamp(
    settings: Settings, named: tuple[str, ...], *, watch: Watch
) -> dict[str, tuple[str, ...]]:
    """Record the revisions that the named histories are at, without running any; their heads.

    Raises HistoryError, TargetError, LockTimeout.
    """
    both, histories = project.read(settings.ini.file), alembic_histories(settings)
    heads = {
        name: targets.upper(both[name], target)
        for name, target in selection.parse(both, named).items()
    }
    with connections.locked(settings, "stamp of both stores", watch) as (_, held):
        for name, revisions in heads.items():
            runner.stamp(histories[name], revisions, held=held, watch=watch)
    return heads
