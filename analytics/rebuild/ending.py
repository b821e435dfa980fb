"""The end of a rebuild: its swap is finished, or everything that it has made is dropped."""

from __future__ import annotations

from typing import Any

from analytics.rebuild import barrier, carried, catchup, holding, names, previous, swap
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


def give_up(server: Server, record: Record, end: State = State.GIVEN_UP, **detail: Any) -> None:
    """Drop what a rebuild has made; the current chain was not touched.

    From its first line on no run can continue the rebuild, since some of it may be gone.
    """
    record.write(State.DROPPING)
    clean(server, record)
    record.write(end, **detail)


def clean(server: Server, record: Record) -> None:
    """Drop the temporary objects of a rebuild."""
    plan = planned(record)
    since = catchup.batches(record)
    history = (record.detail(State.SNAPSHOT) or {}).get("chunks", ())
    numbers = [carried.NUMBER, *(int(each["number"]) for each in history), *since]
    tables = [names.chunk(table, n) for table in plan.get("tables", ()) for n in numbers]
    tables += [names.batch(source, n) for source in plan.get("sources", ()) for n in since]
    made = plan.get("made", {}) | dict.fromkeys(tables, "TABLE")
    previous.withdraw(server, holding.gates(record), made, timeout=plan.get("timeout", 30.0))
