"""The steps of a rebuild, each begun where an earlier run has left it.

1. Shadow tables and views are made beside the chain.
2. Barrier: a snapshot of each source, and from here on new rows flow into the shadows, too.
3. History is computed from the snapshots, piece by piece.
4. Everything is verified against a computation in one piece.
5. Barrier: history and new rows are put together, and the chains change places. The former one
   is kept alive under `__prev`, so that the way back is a swap, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from analytics.errors import RebuildStopped, Refused
from analytics.rebuild import (
    backfill,
    barrier,
    chunks,
    ending,
    labels,
    names,
    preflight,
    previous,
    shadow,
    swap,
    verify,
)
from analytics.rebuild import record as records
from analytics.rebuild.chunks import Chunk
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.swap import Swap

RESTARTED = 3  # seconds by which the time of the server's start may be told differently


def rebuild(server: Server, outline: Outline, record: Record | None, options: Options) -> None:
    """Compute the chain anew and swap it in; `record` is that of an earlier try that goes on.

    Raises Refused before anything is touched, RebuildStopped when the result is not right.
    """
    record = record or _begin(server, outline, options)
    try:
        pieces = chunks.from_detail((record.detail(State.SNAPSHOT) or {})["chunks"])
        backfill.run(server, outline, record, pieces, options.throttle)
        record.write(State.CAUGHT_UP)
        shadow.assemble(server, outline, len(pieces))
        _verify(server, outline, record, pieces, options)
        _swap(server, outline, record, options)
    except Exception as error:
        with suppress(Exception):  # of the two, the first error is the one to tell
            if record.is_open:
                record.write(State.STOPPED, why=" ".join(str(error).split()))
        raise
    ending.finish_swap(server, record)


def go_back(server: Server, outline: Outline, options: Options) -> None:
    """The chain that was kept takes its place again, with all that has been written since."""
    preflight.nothing_left(server, outline)
    record = _planned(server, outline, options, keeps=False)
    _exchange(server, outline, record, swap.backward(server, outline), options)
    ending.finish_swap(server, record)


def _begin(server: Server, outline: Outline, options: Options) -> Record:
    """Up to the snapshot."""
    preflight.check(server, outline, memory=options.throttle.limits.memory)
    record = _planned(server, outline, options, keeps=_is_newer(outline))
    shadow.make(server, outline)
    server.check()
    with barrier.closed(server, outline.gates, timeout=options.barrier) as pause:
        shadow.begin(server, outline)
    pieces = chunks.plan(server, outline, size=options.chunk)
    record.write(
        State.SNAPSHOT,
        pause=pause.seconds,
        server=server.started(),
        chunks=chunks.to_detail(pieces),
    )
    return record


def _verify(
    server: Server, outline: Outline, record: Record, pieces: Sequence[Chunk], options: Options
) -> None:
    """RebuildStopped, with everything taken away, if the new chain is not what it should be."""
    record.write(State.VERIFYING)
    if is_cut(server, record):
        raise Refused(
            "ClickHouse was restarted meanwhile, and rows that it was writing may be in one table "
            "and not in the next",
            "run the same command again: it begins anew",
        )
    if not options.sample.percent:
        return
    verdict = verify.shadows(
        server,
        outline,
        len(pieces),
        sample=options.sample,
        limits=options.throttle.limits,
        timeout=options.barrier,
    )
    for line in verdict.lines:
        server.watch.say(line)
    record.write(State.VERIFYING, "result", lines=verdict.lines, pause=verdict.pause)
    if verdict.differences:
        ending.clean(server, record)
        record.write(State.REFUSED, why="; ".join(verdict.differences))
        raise RebuildStopped(
            f"the new {outline.goal.view} is not what its sources say: "
            + "; ".join(verdict.differences),
            "the former chain serves, and nothing is left behind; look for rows that are written "
            "past the views, or for a view whose result depends on the order of rows (then set "
            "ANALYTICS_REBUILD_VERIFY=0), and run it again",
        )


def _swap(server: Server, outline: Outline, record: Record, options: Options) -> None:
    """The chains change places, and the former one is kept."""
    former = previous.previous(server, outline.chain.names)
    previous.withdraw(server, outline.gates, former, timeout=options.barrier)

    def put_together() -> None:
        for table in outline.chain.tables:
            shadow.attach(server, table + names.NEW, table + names.LIVE)

    _exchange(server, outline, record, swap.forward(server, outline), options, put_together)


def _exchange(
    server: Server,
    outline: Outline,
    record: Record,
    planned: Swap,
    options: Options,
    first: Callable[[], None] = lambda: None,
) -> None:
    """Swap inside a barrier, unless somebody has changed one of the chain."""
    server.check()
    with barrier.closed(server, outline.gates, timeout=options.barrier, lasting=True) as pause:
        swap.unchanged(server, outline)
        first()
        record.write(State.SWAPPING, **planned.to_detail())
        pause.is_half = True
        swap.carry_out(server, planned)
    record.write(State.SWAPPED, pause=pause.seconds)


def _planned(server: Server, outline: Outline, options: Options, *, keeps: bool) -> Record:
    """A record with all that somebody needs who finds it unfinished."""
    record = records.begin(server, outline.goal.view)
    record.write(
        State.PLANNED,
        goal=outline.goal.digest,
        fingerprint=outline.fingerprint,
        made=outline.made,
        tables=outline.chain.tables,
        chain=outline.chain.names,
        timeout=options.barrier,
        gates=barrier.to_detail(outline.gates),
        keeps=keeps,
    )
    return record


def _is_newer(outline: Outline) -> bool:
    """Whether it goes up: only then is there a way back to be kept."""
    return all(
        wanted.version >= labels.version(outline.graph.objects[name])
        for name, wanted in outline.wanted.items()
    )


def is_cut(server: Server, record: Record) -> bool:
    """Whether the server has been restarted since the snapshot.

    What it wrote when it ended may have reached one table of a chain and not the next.
    """
    then = int((record.detail(State.SNAPSHOT) or {})["server"])
    return abs(server.started() - then) > RESTARTED
