"""What a rebuild has to do: nothing, to finish an earlier one, to go back, or all of it."""

from __future__ import annotations

from analytics.rebuild import ending, holding, outline, procedure, swap
from analytics.rebuild.labels import Read
from analytics.rebuild.outline import Goal, Outline
from analytics.rebuild.procedure import Options
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
    drawn = outline.draw(server, goal, read)
    if not drawn.changed and not goal.anew:
        _give_up_others(server)
        return
    if drawn.changed and swap.has_previous(server, drawn):
        _give_up_others(server)
        procedure.go_back(server, drawn, options)
        return
    begun = _resumable(server, drawn)
    _give_up_others(server, begun)
    procedure.rebuild(server, drawn, begun, options)


def _finish_earlier(server: Server, goal: Goal) -> bool:
    """Finish what an earlier run has half swapped; whether that was what is wanted now."""
    was_wanted = False
    for begun in ending.unfinished(server):
        if begun.has(State.SWAPPING):
            ending.finish_swap(server, begun)
            was_wanted = was_wanted or ending.planned(begun).get("goal") == goal.digest
    return was_wanted


def _give_up_others(server: Server, wanted: Record | None = None) -> None:
    for begun in ending.unfinished(server):
        if wanted is None or begun.rebuild != wanted.rebuild:
            ending.give_up(server, begun)


def _resumable(server: Server, drawn: Outline) -> Record | None:
    """The rebuild that was begun for the same goal on the same chain, as far as it got."""
    for begun in ending.unfinished(server):
        planned = ending.planned(begun)
        same = (planned.get("goal"), planned.get("fingerprint")) == (
            drawn.goal.digest,
            drawn.fingerprint,
        )
        if same and begun.has(State.SNAPSHOT) and not procedure.is_cut(server, begun):
            return begun
    return None
