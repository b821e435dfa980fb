"""The end of a rebuild: its swap is finished, or everything that it has made is dropped."""

from __future__ import annotations

from typing import Any

from analytics.rebuild import barrier, holding, names, previous, swap
from analytics.rebuild import record as records
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.swap import Swap


def unfinished(server: Server) -> list[Record]:
    """The records of unfinished rebuilds, without those of Kafka tables (see `kafka_table`)."""
    return [each for each in records.unfinished(server) if "goal" in planned(each)]


def planned(record: Record) -> dict[str, Any]:
    """The plan that a rebuild has recorded before it touched anything."""
    return record.detail(State.PLANNED) or {}


def finish_swap(server: Server, record: Record) -> None:
    """Finish a swap, however far it is; ingest is open then, and no temporary object is left."""
    plan = planned(record)
    if not record.has(State.SWAPPED):
        half = Swap.from_detail(record.detail(State.SWAPPING) or {})
        with barrier.closed(server, half.gates, timeout=plan["timeout"], lasting=True) as pause:
            pause.is_half = True
            swap.carry_out(server, half)
        record.write(State.SWAPPED)
    clean(server, record)
    if not plan["keeps"]:
        unwanted = previous.previous(server, plan["chain"])
        previous.withdraw(server, holding.gates(record), unwanted, timeout=plan["timeout"])
    record.write(State.DONE)


def give_up(server: Server, record: Record) -> None:
    """Drop what a rebuild has made; the current chain was not touched."""
    clean(server, record)
    record.write(State.GIVEN_UP)


def clean(server: Server, record: Record) -> None:
    """Drop the temporary objects of a rebuild."""
    plan = planned(record)
    snapshot = record.detail(State.SNAPSHOT) or {}
    chunks = {
        names.chunk(table, int(each["number"])): "TABLE"
        for table in plan.get("tables", ())
        for each in snapshot.get("chunks", ())
    }
    made = plan.get("made", {}) | chunks
    previous.withdraw(server, holding.gates(record), made, timeout=plan.get("timeout", 30.0))
