"""The steps of a rebuild; each continues where an earlier run has left it.

1. Empty tables are created beside the chain.
2. Barrier: a snapshot of each source, and from here on new rows are kept beside it, too.
3. What serves is compared with what its sources make: a loss must have been allowed.
4. History is computed from the snapshots, chunk by chunk, then what has come since in batches.
5. Everything is verified against a second computation in one piece.
6. Barrier: the last rows are computed, and the two chains are swapped. The previous chain is kept
   up to date under `__prev`, so that the downgrade is a swap, too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from analytics.errors import RebuildStopped, Refused
from analytics.rebuild import (
    backfill,
    barrier,
    beginning,
    carried,
    catchup,
    chunks,
    ending,
    losses,
    names,
    previous,
    shadow,
    swap,
    verify,
)
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.swap import Swap


def rebuild(server: Server, outline: Outline, record: Record | None, options: Options) -> None:
    """Recompute the chain and swap it in; `record` is that of an earlier run to continue.

    Raises Refused before anything is touched, RebuildStopped when the result is not right.
    """
    record = record or beginning.begin(server, outline, options)
    try:
        losses.check(server, outline, record, options)
        pieces = chunks.from_detail((record.detail(State.SNAPSHOT) or {})["chunks"])
        backfill.run(server, outline, record, pieces, options.throttle)
        record.write(State.CAUGHT_UP)
        catchup.run(server, outline, record, options.throttle)
        _verify(server, outline, record, [piece.number for piece in pieces], options)
        catchup.run(server, outline, record, options.throttle)
        _swap(server, outline, record, [piece.number for piece in pieces], options)
    except Exception as error:
        with suppress(Exception):  # the first of two errors is the one to report
            if record.is_open:
                record.write(State.STOPPED, why=" ".join(str(error).split()))
        raise
    ending.finish_swap(server, record)


def go_back(server: Server, outline: Outline, options: Options) -> None:
    """Swap the previous chain in again, with all rows that were written since.

    Refused if an object of the chain has changed, or if ingest does not stop in time.
    """
    record = beginning.plan(server, outline, options, keeps=False)
    _exchange(server, outline, record, swap.backward(server, outline), options)
    ending.finish_swap(server, record)


def _verify(
    server: Server, outline: Outline, record: Record, history: list[int], options: Options
) -> None:
    """RebuildStopped, with everything dropped, if the new chain is not right."""
    record.write(State.VERIFYING)
    if beginning.is_cut(server, record):
        raise Refused(
            "ClickHouse was restarted in the meantime, and rows that it was writing may be in one "
            "table and not in the next",
            "run the same command again: it starts again",
        )
    if not options.sample.percent:
        return
    since, limits = catchup.batches(record), options.throttle.limits
    verdict = verify.shadows(
        server, outline, [*history, *since], since, sample=options.sample, limits=limits
    )
    for line in verdict.lines:
        server.watch.say(line)
    record.write(State.VERIFYING, "result", lines=verdict.lines)
    if verdict.differences:
        _stop(server, outline, record, "; ".join(verdict.differences))


def _stop(server: Server, outline: Outline, record: Record, differences: str) -> None:
    """Drop the new chain, and raise RebuildStopped."""
    ending.give_up(server, record, State.REFUSED, why=differences)
    raise RebuildStopped(
        f"the new {outline.goal.view} does not agree with its sources: {differences}",
        "the current chain continues to serve, and nothing is left behind; look for rows that are "
        "written past the views, or for a view whose result depends on the order of rows (then set "
        "ANALYTICS_REBUILD_VERIFY=0), and run it again",
    )


def _swap(
    server: Server, outline: Outline, record: Record, history: list[int], options: Options
) -> None:
    """Swap the two chains, and keep the previous one; the last rows are computed inside a barrier.

    If they cannot be computed, nothing is swapped, and ingest is open again.
    """
    earlier = previous.previous(server, outline.chain.names)
    previous.withdraw(server, outline.gates, earlier, timeout=options.barrier)
    kept = carried.numbers(record)
    shadow.assemble(server, outline, [*kept, *history, *catchup.batches(record)])
    last = catchup.prepare(server, outline, record)

    def combine() -> None:
        catchup.take(server, outline, last)
        if catchup.fill(server, outline, last, options.throttle):
            for table in outline.chain.tables:
                shadow.attach(server, table + names.NEW, names.chunk(table, last))

    _exchange(server, outline, record, swap.forward(server, outline), options, combine)


def _exchange(
    server: Server,
    outline: Outline,
    record: Record,
    planned: Swap,
    options: Options,
    first: Callable[[], None] = lambda: None,
) -> None:
    """Swap inside a barrier; Refused if an object of the chain has changed in the meantime."""
    server.check()
    with barrier.closed(server, outline.gates, timeout=options.barrier, lasting=True) as pause:
        swap.unchanged(server, outline)
        first()
        record.write(State.SWAPPING, **planned.to_detail())
        pause.is_half = True
        swap.carry_out(server, planned)
    record.write(State.SWAPPED, pause=pause.seconds)
