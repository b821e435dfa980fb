"""The previous version of a chain, kept for an instant downgrade, and its removal."""

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

    If a view is dropped during a read cycle, the cycle fails, and its messages are read again. So
    views are dropped inside a barrier, and tables after them. Refused if ingest does not stop.
    """
    existing = objects.some(server, unwanted).keys()
    views = {name: "VIEW" for name in sorted(existing) if unwanted[name] == "VIEW"}
    if views:
        with barrier.closed(server, gates, timeout=timeout):
            server.drop(views)
    server.drop({name: "TABLE" for name in sorted(existing - views.keys())})


def previous(server: Server, bases: Iterable[str]) -> dict[str, str]:
    """The existing previous versions of these objects, each with its kind."""
    base_of = {f"{base}{names.PREVIOUS}": base for base in bases}
    return {
        name: "VIEW" if each.is_materialized else "TABLE"
        for name, each in objects.some(server, base_of).items()
        if labels.is_of(each, base_of[name])
    }


def run(server: Server, view: str, *, timeout: float) -> None:
    """Drop the previous version of a view and of everything that was swapped with it.

    Refused if there is no such view, or if ingest does not stop within `timeout` seconds.
    """
    holding.release(server)
    graph = graphs.read(server)
    chain = chains.of(graph, [graph.target(graph.view(view).name)])
    gates = barrier.valves(graph, chain.sources)
    server.check()
    with holding.noted(server, view, gates):
        withdraw(server, gates, previous(server, chain.names), timeout=timeout)
