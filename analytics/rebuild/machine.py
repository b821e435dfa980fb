"""What a rebuild has to do: nothing, to finish an earlier one, to go back, or all of it."""

from __future__ import annotations

from analytics.rebuild import ending, holding, procedure, swap
from analytics.rebuild import outline as outlines
from analytics.rebuild.labels import Read
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal, Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server


def run(server: Server, goal: Goal, read: Read, options: Options) -> None:
    """Bring the chain to where the goal is; nothing to do if it is there.

    Raises Refused before anything is touched, RebuildStopped when the result is not right: then
    the former chain serves as before, and nothing is left behind.
    """
    holding.release(server)
    if _finish_earlier(server, goal):
        return
    outline = outlines.make(server, goal, read)
    if not outline.changed and not goal.anew:
        _give_up_others(server)
        return
    if outline.changed and swap.has_previous(server, outline):
        _give_up_others(server)
        procedure.go_back(server, outline, options)
        return
    record = _resumable(server, outline)
    _give_up_others(server, record)
    procedure.rebuild(server, outline, record, options)


def _finish_earlier(server: Server, goal: Goal) -> bool:
    """Finish what an earlier run has half swapped; whether that was what is wanted now."""
    was_wanted = False
    for record in ending.unfinished(server):
        if record.has(State.SWAPPING):
            ending.finish_swap(server, record)
            was_wanted = was_wanted or ending.planned(record).get("goal") == goal.digest
    return was_wanted


def _give_up_others(server: Server, wanted: Record | None = None) -> None:
    for record in ending.unfinished(server):
        if wanted is None or record.rebuild != wanted.rebuild:
            ending.give_up(server, record)


def _resumable(server: Server, outline: Outline) -> Record | None:
    """The rebuild that was begun for the same goal on the same chain, as far as it got."""
    for record in ending.unfinished(server):
        planned = ending.planned(record)
        same = (planned.get("goal"), planned.get("fingerprint")) == (
            outline.goal.digest,
            outline.fingerprint,
        )
        if same and record.has(State.SNAPSHOT) and not procedure.is_cut(server, record):
            return record
    return None
