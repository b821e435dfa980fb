"""How a rebuild ends: its swap finished, or all that it has made taken away."""

from __future__ import annotations

from typing import Any

from analytics.rebuild import barrier, holding, names, previous, swap
from analytics.rebuild import record as records
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.swap import Swap

NAMES = "SELECT name FROM system.tables WHERE database = currentDatabase()"


def unfinished(server: Server) -> list[Record]:
    """The rebuilds that were begun and not ended; Kafka tables look after themselves."""
    return [each for each in records.unfinished(server) if "goal" in planned(each)]


def planned(record: Record) -> dict[str, Any]:
    """What a rebuild has written down before it touched anything."""
    return record.detail(State.PLANNED) or {}


def finish_swap(server: Server, record: Record) -> None:
    """From wherever a swap is to its end, with ingest open and nothing left that is not wanted."""
    said = planned(record)
    if not record.has(State.SWAPPED):
        half = Swap.from_detail(record.detail(State.SWAPPING) or {})
        with barrier.closed(server, half.gates, timeout=said["timeout"], lasting=True) as pause:
            pause.is_half = True
            swap.carry_out(server, half)
        record.write(State.SWAPPED)
    clean(server, record)
    if not said["keeps"]:
        former = previous.previous(server, said["chain"])
        previous.withdraw(server, holding.gates(record), former, timeout=said["timeout"])
    record.write(State.DONE)


def give_up(server: Server, record: Record) -> None:
    """Take away what a rebuild has made; the chain that serves was not touched."""
    clean(server, record)
    record.write(State.GIVEN_UP)


def clean(server: Server, record: Record) -> None:
    """Drop what a rebuild has made on its way."""
    said = planned(record)
    pieces = {
        str(name): "TABLE"
        for (name,) in server.ask(NAMES)
        for table in said.get("tables", ())
        if str(name).startswith(f"{table}{names.CHUNK}")
    }
    made = said.get("made", {}) | pieces
    previous.withdraw(server, holding.gates(record), made, timeout=said.get("timeout", 30.0))
