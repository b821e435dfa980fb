"""What a rebuild has kept for an instant way back, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analytics.rebuild import barrier, chains, holding, labels, names, objects
from analytics.rebuild import graph as graphs
from analytics.rebuild.barrier import Valve
from analytics.rebuild.server import Server


def withdraw(
    server: Server, gates: Iterable[Valve], unwanted: Mapping[str, str], *, timeout: float
) -> None:
    """Drop objects through which rows may flow, each with its kind; nothing to do if all are gone.

    A view that goes while a cycle of ingest is under way makes the cycle fail, and the broker send
    it again: so views go inside a barrier, and tables after them.
    """
    there = objects.some(server, unwanted).keys()
    views = {name: "VIEW" for name in sorted(there) if unwanted[name] == "VIEW"}
    if views:
        with barrier.closed(server, gates, timeout=timeout):
            server.drop(views)
    server.drop({name: "TABLE" for name in sorted(there - views.keys())})


def previous(server: Server, bases: Iterable[str]) -> dict[str, str]:
    """The previous versions of these that are there, each with its kind."""
    kept = {f"{base}{names.PREVIOUS}": base for base in bases}
    return {
        name: "VIEW" if each.is_materialized else "TABLE"
        for name, each in objects.some(server, kept).items()
        if labels.is_of(each, kept[name])
    }


def run(server: Server, view: str, *, timeout: float) -> None:
    """Drop the previous version of a view and of all that was swapped with it."""
    holding.release(server)
    graph = graphs.read(server)
    chain = chains.of(graph, [graph.target(graph.view(view).name)])
    gates = barrier.valves(graph, chain.sources)
    server.check()
    with holding.noted(server, view, gates):
        withdraw(server, gates, previous(server, chain.names), timeout=timeout)
