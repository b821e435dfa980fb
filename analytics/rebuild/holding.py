"""The record of ingest that is held, by which the next command opens it after a kill.

A rebuild has its gates in its own record; every other command notes them here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from analytics.rebuild import barrier
from analytics.rebuild import record as records
from analytics.rebuild.barrier import Valve
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server

LATE = 1.0  # seconds after which every statement that a killed run has sent is running

DETACHED = """
SELECT table
FROM system.detached_tables
WHERE database = currentDatabase()"""


@contextmanager
def noted(server: Server, view: str, gates: Sequence[Valve]) -> Iterator[None]:
    """Record that these gates may be closed during this block, for work on a view."""
    if not gates:
        yield
        return
    record = records.begin(server, view)
    record.write(State.HELD, gates=barrier.to_detail(gates))
    yield
    record.write(State.DONE)


def gates(record: Record) -> tuple[Valve, ...]:
    """The gates that a record holds."""
    planned = record.detail(State.PLANNED) or record.detail(State.HELD) or {}
    return barrier.from_detail(planned.get("gates", ()))


def closed(server: Server, gates: Sequence[Valve]) -> list[str]:
    """The detached objects of these gates, in the order in which they must be attached."""
    detached = {str(name) for (name,) in server.ask(DETACHED)}
    views = [view for gate in gates for view in gate.views]
    listed = dict.fromkeys([*views, *(gate.table for gate in gates)])
    return [name for name in listed if name in detached]


def release(server: Server) -> None:
    """Open the gates that an earlier run has left closed, after its last statement has ended.

    A statement that is still running could detach a view after the valves are open, and its rows
    would be lost. The gates of a change that is half done stay closed.
    """
    all_records = records.all_of(server)
    half_done = {name for record in all_records if _is_half(record) for name in _names(record)}
    recorded = [gate for record in all_records for gate in gates(record)]
    if closed(server, recorded):
        server.watch.pause(LATE)
        server.wait_for_earlier()
    for name in closed(server, recorded):
        if name not in half_done:
            server.watch.say(f"{name} was left detached; it is attached again")
            barrier.attach(server, name)
    for record in all_records:
        if record.is_open and record.has(State.HELD):
            record.write(State.GIVEN_UP)


def _is_half(record: Record) -> bool:
    """Whether a change is half done, so that rows would be lost if they came now."""
    is_kafka_table = "own" in (record.detail(State.PLANNED) or {})
    is_swap = record.has(State.SWAPPING) and not record.has(State.SWAPPED)
    return record.is_open and (is_kafka_table or is_swap)


def _names(record: Record) -> list[str]:
    """The objects that its gates detach."""
    return [name for gate in gates(record) for name in (gate.table, *gate.views)]
