"""The decisions of a rebuild: do nothing, finish an earlier one, swap back, or do all of it."""

from __future__ import annotations

from analytics.rebuild import beginning, chains, ending, holding, losses, previous, procedure, swap
from analytics.rebuild import graph as graphs
from analytics.rebuild import outline as outlines
from analytics.rebuild.labels import Read
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal, Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server


def run(server: Server, goal: Goal, read: Read, options: Options) -> None:
    """Bring the chain to the goal; nothing to do if it is there.

    Raises Refused, or StatementFailed, before anything is touched, and RebuildStopped when the
    result is not right: then the current chain continues to serve, and nothing is left behind.
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
    losses.of_previous(server, outline.chain.tables, options)
    record = _resumable(server, outline)
    _give_up_others(server, record)
    procedure.rebuild(server, outline, record, options)


def forget(server: Server, view: str, options: Options) -> None:
    """Drop the previous version of a view and of everything that was swapped with it.

    Raises DataLoss if it holds the only copy of something, and Refused as `previous.run`.
    """
    graph = graphs.read(server)
    chain = chains.of(graph, [graph.target(graph.view(view).name)])
    losses.of_previous(server, chain.tables, options)
    previous.run(server, view, timeout=options.barrier)


def _finish_earlier(server: Server, goal: Goal) -> bool:
    """Finish the swaps that earlier runs have begun; whether one of them had the same goal."""
    had_same_goal = False
    for record in ending.unfinished(server):
        if record.has(State.SWAPPING):
            ending.finish_swap(server, record)
            had_same_goal |= ending.planned(record).get("goal") == goal.digest
    return had_same_goal


def _give_up_others(server: Server, wanted: Record | None = None) -> None:
    for record in ending.unfinished(server):
        if wanted is None or record.rebuild != wanted.rebuild:
            ending.give_up(server, record)


def _resumable(server: Server, outline: Outline) -> Record | None:
    """The record of an earlier run for the same goal on the same chain, if it can be continued."""
    aim = (outline.goal.digest, outline.fingerprint)
    for record in ending.unfinished(server):
        planned = ending.planned(record)
        is_same = (planned.get("goal"), planned.get("fingerprint")) == aim
        is_whole = record.has(State.SNAPSHOT) and not record.has(State.DROPPING)
        if is_same and is_whole and not beginning.is_cut(server, record):
            return record
    return None
