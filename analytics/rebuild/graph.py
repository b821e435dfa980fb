"""Which views read and write which tables: read from the server, cut down to what a change needs.

A table that changes must be filled by all of its views, and whatever reads from it changes with it:

    sources ──> views ──> tables ──> views ──> tables
                (those in the chain; a source is a table that views of the chain read, not in it)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from analytics.clickhouse import statements
from analytics.clickhouse.statements import NAME
from analytics.errors import Refused
from analytics.rebuild import names
from analytics.rebuild.server import Server
from analytics.sql.tokens import plain

OBJECTS = """
SELECT name, toString(uuid), engine, engine_full, create_table_query, as_select, comment
FROM system.tables
WHERE database = currentDatabase() AND NOT is_temporary"""

READERS = """
SELECT name, reader, reader_database
FROM system.tables
ARRAY JOIN dependencies_table AS reader, dependencies_database AS reader_database
WHERE database = currentDatabase()
ORDER BY name, reader"""

HEAD = rf"CREATE MATERIALIZED VIEW {NAME}(?: UUID ')? TO (?P<target>{NAME})"


@dataclass(frozen=True)
class Object:
    """A table or view, as the server describes it."""

    name: str
    uuid: str
    engine: str
    engine_full: str
    create: str  # whole statement, tables with their database
    select: str  # of a view, the same
    label: str  # its comment: name, version and digest of its definition

    @property
    def is_materialized(self) -> bool:
        """Whether it is a materialized view."""
        return self.engine == "MaterializedView"

    @cached_property
    def target(self) -> str | None:
        """Of a materialized view that fires at every insert: the table that it writes TO."""
        if not self.is_materialized:
            return None
        statement = statements.statements(self.create)[0]
        found = statement.match(HEAD)
        return plain(str(statement.part(found, "target"))).rpartition(".")[2] if found else None

    @property
    def is_kafka(self) -> bool:
        """Whether it is a table of the Kafka engine."""
        return self.engine == "Kafka"


@dataclass(frozen=True)
class Graph:
    """All objects of the database; `readers` are the views that fire from a table's inserts."""

    objects: dict[str, Object]
    readers: dict[str, tuple[str, ...]]
    strangers: dict[str, tuple[str, ...]]  # readers that live in other databases, by table

    def view(self, name: str) -> Object:
        """A materialized view; Refused if there is none of that name."""
        found = self.objects.get(name)
        if found is None or not found.is_materialized:
            raise Refused(
                f"there is no materialized view {name}",
                "create it first (op.create_object), or mend the name",
            )
        return found

    def target(self, view: str) -> str:
        """The table that a view writes to; Refused if it keeps its rows itself."""
        target = self.objects[view].target
        if target is None:
            raise Refused(
                f"{view} is not a view TO a table that fires at every insert",
                "write it as CREATE MATERIALIZED VIEW ... TO <table>; "
                "one that refreshes itself needs no rebuild",
            )
        return target

    def sources(self, view: str) -> tuple[str, ...]:
        """The tables whose inserts fire a view: of a view that works, exactly one."""
        return tuple(table for table, readers in self.readers.items() if view in readers)

    def writers(self, table: str) -> Iterator[str]:
        """The materialized views that write to a table."""
        return (each.name for each in self.objects.values() if each.target == table)


@dataclass(frozen=True)
class Chain:
    """What a change of some tables takes along; tables and views from the top downwards."""

    tables: tuple[str, ...]
    views: tuple[str, ...]
    sources: tuple[str, ...]  # what its uppermost views read
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
        """Everything that is swapped."""
        return (*self.tables, *self.views)


def read(server: Server) -> Graph:
    """The graph as it is now, without what rebuilds have made."""
    found = (Object(*map(str, row)) for row in server.ask(OBJECTS))
    objects = {each.name: each for each in found if not names.is_ours(each.name)}
    ours: dict[str, tuple[str, ...]] = {}
    strangers: dict[str, tuple[str, ...]] = {}
    for table, reader, database in server.ask(READERS):
        if database != server.database:
            strangers[table] = (*strangers.get(table, ()), f"{database}.{reader}")
        elif reader in objects and objects[reader].is_materialized:
            ours[table] = (*ours.get(table, ()), reader)
    return Graph(objects, ours, strangers)


def some(server: Server, names_: Iterable[str]) -> dict[str, Object]:
    """Objects as they are now, whoever made them; those that are there."""
    rows = server.ask(f"{OBJECTS} AND name IN %(names)s", names=tuple(names_))
    return {row[0]: Object(*map(str, row)) for row in rows}


def look(server: Server, name: str) -> Object:
    """One object as it is now; Refused if it is gone."""
    found = some(server, (name,))
    if not found:
        raise Refused(f"{name} is gone", "somebody else has dropped it; run the same command again")
    return found[name]


def chain(graph: Graph, tables: Iterable[str]) -> Chain:
    """The smallest chain in which these tables can change."""
    waiting, inside = list(tables), set[str]()
    views: dict[str, str] = {}
    while waiting:
        table = waiting.pop()
        inside.add(table)
        for view in (*graph.writers(table), *graph.readers.get(table, ())):
            views[view] = graph.target(view)
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


def kafka_tables(graph: Graph, tables: Iterable[str]) -> set[str]:
    """The Kafka tables from which rows come to these, through any number of views."""
    found, seen, waiting = set[str](), set[str](), list(tables)
    while waiting:
        table = waiting.pop()
        seen.add(table)
        if table in graph.objects and graph.objects[table].is_kafka:
            found.add(table)
        above = {source for view in graph.writers(table) for source in graph.sources(view)}
        waiting += above - seen
    return found


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
        raise Refused(
            f"views feed each other in a circle ({', '.join(error.args[1])})", "break the circle"
        ) from None
