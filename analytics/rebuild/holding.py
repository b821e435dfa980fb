"""What is held and by whom, so that whoever comes after a kill can open it.

A rebuild has its gates in its own record; what is no rebuild writes them down here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from analytics.rebuild import barrier
from analytics.rebuild import record as records
from analytics.rebuild.barrier import Valve
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server

LATE = 1.0  # seconds after which a statement that a killed run has sent has begun

DETACHED = """
SELECT table
FROM system.detached_tables
WHERE database = currentDatabase()"""


@contextmanager
def noted(server: Server, view: str, gates: Sequence[Valve]) -> Iterator[None]:
    """Write down that these may be closed in this block, for the sake of a view."""
    if not gates:
        yield
        return
    record = records.begin(server, view)
    record.write(State.HELD, gates=barrier.to_detail(gates))
    yield
    record.write(State.DONE)


def gates(record: Record) -> tuple[Valve, ...]:
    """What a record says is held for its sake."""
    planned = record.detail(State.PLANNED) or record.detail(State.HELD) or {}
    return barrier.from_detail(planned.get("gates", ()))


def closed(server: Server, gates: Sequence[Valve]) -> list[str]:
    """Which of these are detached, in the order in which they are to be attached."""
    there = {str(name) for (name,) in server.ask(DETACHED)}
    views = [view for gate in gates for view in gate.views]
    listed = dict.fromkeys([*views, *(gate.table for gate in gates)])
    return [name for name in listed if name in there]


def release(server: Server) -> None:
    """Open whatever an earlier run has left closed, when its last statement has ended.

    A view that is detached after the valves are open would lose what comes then. What is half
    done, and needs it closed, keeps it so.
    """
    noted = records.all_of(server)
    half = {name for r in noted if _is_half(r) for gate in gates(r) for name in _names(gate)}
    known = [gate for each in noted for gate in gates(each)]
    if closed(server, known):
        server.watch.pause(LATE)
        server.wait_for_earlier()
    for name in closed(server, known):
        if name not in half:
            server.watch.say(f"{name} was left detached; it is attached again")
            barrier.attach(server, name)
    for each in noted:
        if each.is_open and each.has(State.HELD):
            each.write(State.GIVEN_UP)


def _is_half(record: Record) -> bool:
    """Whether rows would be lost if they came now."""
    is_kafka_table = "own" in (record.detail(State.PLANNED) or {})
    is_swap = record.has(State.SWAPPING) and not record.has(State.SWAPPED)
    return record.is_open and (is_kafka_table or is_swap)


def _names(gate: Valve) -> tuple[str, ...]:
    return (gate.table, *gate.views)
