"""The outlook on a rebuild that a plan has: nothing is changed, and no lock is held."""

from __future__ import annotations

from typing import Any

from analytics.clickhouse.client import ask
from analytics.errors import Refused
from analytics.rebuild import chains, engines, losses, names, objects
from analytics.rebuild import graph as graphs
from analytics.rebuild.labels import Read
from analytics.rebuild.objects import OBJECTS, Object
from analytics.rebuild.outline import Goal
from analytics.rebuild.server import Server

SOURCES = """
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND has(dependencies_table, %(view)s)"""


def has_previous(server: Server, goal: Goal, read: Read) -> bool:
    """Whether the whole previous chain is kept at the versions of a goal, so that it is swapped."""
    try:
        graph = graphs.read(server)
        chain = chains.of(graph, [graph.target(graph.view(goal.view).name)])
    except Refused:  # it may be there when its revision runs
        return False
    kept = {
        f"{name}{names.PREVIOUS}": read(name, goal.versions[name])[1]
        if name in goal.versions
        else graph.objects[name].label
        for name in chain.names
    }
    existing = objects.some(server, kept)
    return {name: each.label for name, each in existing.items()} == kept


def only_copies(server: Server, view: str) -> dict[str, str]:
    """The previous versions in the chain of a view that hold what nothing else has, with that."""
    try:
        graph = graphs.read(server)
        chain = chains.of(graph, [graph.target(graph.view(view).name)])
    except Refused:
        return {}
    return losses.only_copies(server, chain.tables)


def expiring(connection: Any, view: str) -> list[str]:
    """The tables that a view reads and whose rows expire."""
    sources = [str(name) for (name,) in ask(connection, SOURCES, view=view)]
    return [source for source in sources if expires(connection, source)]


def expires(connection: Any, table: str) -> bool:
    """Whether rows of a table expire."""
    rows = ask(connection, f"{OBJECTS} AND name = %(name)s", name=table)
    return any(engines.has_ttl(Object(*map(str, row))) for row in rows)
