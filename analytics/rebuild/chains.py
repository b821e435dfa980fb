"""The chain of a change: every table and view that must change together.

A table that changes must be filled by all of its views, and every view that reads from it changes
with it:

    sources ──> views ──> tables ──> views ──> tables
                (those in the chain; a source is a table that views of the chain read, not in it)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from analytics.errors import Refused
from analytics.rebuild.graph import Graph


@dataclass(frozen=True)
class Chain:
    """The objects that change with some tables; tables and views from the top downwards."""

    tables: tuple[str, ...]
    views: tuple[str, ...]
    sources: tuple[str, ...]  # the tables that its uppermost views read
    source: dict[str, str] = field(repr=False)  # by view
    target: dict[str, str] = field(repr=False)  # by view

    @property
    def top(self) -> tuple[str, ...]:
        """The views that read from outside the chain."""
        return tuple(view for view in self.views if self.source[view] in self.sources)

    def writers(self, table: str) -> tuple[str, ...]:
        """The views of the chain that write to a table of it."""
        return tuple(view for view in self.views if self.target[view] == table)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of everything that is swapped."""
        return (*self.tables, *self.views)


def of(graph: Graph, tables: Iterable[str]) -> Chain:
    """The smallest chain in which these tables can change; Refused if there is none."""
    waiting, inside = list(tables), set[str]()
    views: dict[str, str] = {}
    while waiting:
        table = waiting.pop()
        inside.add(table)
        for view in (*graph.writers(table), *graph.readers.get(table, ())):
            views[view] = _target(graph, view)
        waiting += {target for target in views.values() if target not in inside} - set(waiting)
    source = {view: _only_source(graph, view) for view in views}
    order = _order(inside, views, source)
    return Chain(
        tables=order,
        views=tuple(sorted(views, key=lambda view: (order.index(views[view]), view))),
        sources=tuple(sorted(set(source.values()) - inside)),
        source=source,
        target=views,
    )


def _target(graph: Graph, view: str) -> str:
    target = graph.target(view)
    if target not in graph.objects:
        raise Refused(
            f"{view} writes to {target}, and this database has no such table",
            f"create it, or drop the view: `{graph.objects[view].drop}`",
        )
    return target


def _only_source(graph: Graph, view: str) -> str:
    sources = graph.sources(view)
    if len(sources) != 1:
        raise Refused(
            f"{view} fires from {len(sources)} tables of this database",
            "let it read from one table of its own database",
        )
    return sources[0]


def _order(tables: set[str], views: dict[str, str], source: dict[str, str]) -> tuple[str, ...]:
    below: dict[str, set[str]] = {table: set() for table in sorted(tables)}
    for view, target in views.items():
        if source[view] in tables:
            below[target].add(source[view])
    try:
        return tuple(TopologicalSorter(below).static_order())
    except CycleError as error:
        circle = error.args[1]
        inside = [view for view, target in views.items() if {source[view], target} <= {*circle}]
        raise Refused(
            f"views feed each other in a circle ({', '.join(circle)})",
            f"drop one of {', '.join(sorted(inside))}",
        ) from None
