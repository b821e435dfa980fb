"""What a rebuild has kept for an instant way back, and its end."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.rebuild import graph, names
from analytics.rebuild.server import Server

ENGINES = "SELECT name, engine FROM system.tables WHERE database = currentDatabase()"


def chain(server: Server, view: str) -> tuple[str, ...]:
    """Everything that is swapped with a view, by the names that serve."""
    found = graph.read(server)
    return graph.chain(found, [found.target(found.view(view).name)]).names


def kept(server: Server, bases: Iterable[str]) -> dict[str, str]:
    """The previous versions of these that are there, views first, each with its kind."""
    wanted = {f"{base}{names.PREVIOUS}" for base in bases}
    there = {str(name): str(engine) for name, engine in server.ask(ENGINES) if name in wanted}
    views = [name for name, engine in there.items() if engine == "MaterializedView"]
    tables = [name for name in there if name not in views]
    return {**dict.fromkeys(sorted(views), "VIEW"), **dict.fromkeys(sorted(tables), "TABLE")}


def run(server: Server, bases: Iterable[str]) -> None:
    """Drop them; nothing to do if they are gone."""
    server.check()
    server.drop(kept(server, bases))
