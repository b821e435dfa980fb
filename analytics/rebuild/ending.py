"""How a rebuild ends: its swap finished, or all that it has made taken away."""

from __future__ import annotations

from typing import Any

from analytics.rebuild import barrier, forget, holding, names, record, swap
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.swap import Swap

NAMES = "SELECT name FROM system.tables WHERE database = currentDatabase()"


def unfinished(server: Server) -> list[Record]:
    """The rebuilds that were begun and not ended; Kafka tables look after themselves."""
    return [each for each in record.unfinished(server) if "goal" in planned(each)]


def planned(begun: Record) -> dict[str, Any]:
    """What a rebuild has written down before it touched anything."""
    return begun.detail(State.PLANNED) or {}


def finish_swap(server: Server, begun: Record) -> None:
    """From wherever a swap is to its end, with ingest open and nothing left that is not wanted."""
    said = planned(begun)
    if not begun.has(State.SWAPPED):
        half = Swap.from_detail(begun.detail(State.SWAPPING) or {})
        with barrier.closed(server, half.gates, timeout=said["timeout"], lasting=True) as pause:
            pause.is_half = True
            swap.carry_out(server, half)
        begun.write(State.SWAPPED)
    clean(server, begun)
    if not said["keeps"]:
        former = forget.previous(server, said["chain"])
        forget.withdraw(server, holding.gates(begun), former, timeout=said["timeout"])
    begun.write(State.DONE)


def give_up(server: Server, begun: Record) -> None:
    """Take away what a rebuild has made; the chain that serves was not touched."""
    clean(server, begun)
    begun.write(State.GIVEN_UP)


def clean(server: Server, begun: Record) -> None:
    """Drop what a rebuild has made on its way."""
    said = planned(begun)
    pieces = {
        str(name): "TABLE"
        for (name,) in server.ask(NAMES)
        for table in said.get("tables", ())
        if str(name).startswith(f"{table}{names.CHUNK}")
    }
    made = said.get("made", {}) | pieces
    forget.withdraw(server, holding.gates(begun), made, timeout=said.get("timeout", 30.0))
