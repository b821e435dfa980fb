"""The beginning of a rebuild: its plan in the record, its shadows, and its snapshot."""

from __future__ import annotations

from analytics.rebuild import barrier, chunks, labels, preflight, shadow
from analytics.rebuild import record as records
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server

RESTARTED = 3  # seconds by which two answers about the time of the server's start may differ


def begin(server: Server, outline: Outline, options: Options) -> Record:
    """Do everything up to the snapshot; Refused before anything is touched."""
    preflight.check(server, outline, memory=options.throttle.limits.memory)
    record = plan(server, outline, options, keeps=_is_newer(outline))
    shadow.make(server, outline)
    server.check()
    with barrier.closed(server, outline.gates, timeout=options.barrier) as pause:
        shadow.begin(server, outline)
    pieces = chunks.plan(server, outline, size=options.chunk)
    started, uptime = server.started()
    record.write(
        State.SNAPSHOT,
        pause=pause.seconds,
        server=started,
        uptime=uptime,
        chunks=chunks.to_detail(pieces),
    )
    return record


def plan(server: Server, outline: Outline, options: Options, *, keeps: bool) -> Record:
    """A record with everything that a later run needs to finish the rebuild or to give it up.

    `keeps` says whether the previous chain is kept for an instant downgrade.
    """
    record = records.begin(server, outline.goal.view)
    record.write(
        State.PLANNED,
        goal=outline.goal.digest,
        fingerprint=outline.fingerprint,
        made=outline.made,
        tables=outline.chain.tables,
        sources=outline.chain.sources,
        chain=outline.chain.names,
        timeout=options.barrier,
        gates=barrier.to_detail(outline.gates),
        keeps=keeps,
    )
    return record


def is_cut(server: Server, record: Record) -> bool:
    """Whether the server has been restarted since the snapshot.

    Rows that it was writing then may have reached one table of a chain and not the next.
    """
    detail = record.detail(State.SNAPSHOT) or {}
    started, _ = server.started()
    return is_another_start(int(detail["server"]), int(detail.get("uptime", 0)), started)


def is_another_start(then: int, uptime: int, now: int) -> bool:
    """Whether a server that had started at `then`, `uptime` seconds before, has started since.

    A later start is later by that uptime at least; less is a clock that was set meanwhile.
    """
    return abs(now - then) > max(RESTARTED, uptime / 2)


def _is_newer(outline: Outline) -> bool:
    """Whether no object gets an older version: only an upgrade keeps the previous chain."""
    return all(
        wanted.version >= labels.version(outline.graph.objects[name])
        for name, wanted in outline.wanted.items()
    )
