"""The graph of a database: which materialized views read and write which tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.errors import Refused
from analytics.rebuild import owned
from analytics.rebuild.objects import OBJECTS, Object
from analytics.rebuild.server import Server

READERS = """
SELECT name, reader, reader_database
FROM system.tables
ARRAY JOIN dependencies_table AS reader, dependencies_database AS reader_database
WHERE database = currentDatabase()
ORDER BY name, reader"""

ELSEWHERE = """
SELECT database, name, toString(uuid), engine, engine_full, create_table_query, as_select, comment
FROM system.tables
WHERE database != currentDatabase() AND engine = 'MaterializedView'
ORDER BY database, name"""


@dataclass(frozen=True)
class Graph:
    """All objects of the database; `readers` are the views that an insert into a table fires."""

    objects: dict[str, Object]
    readers: dict[str, tuple[str, ...]]
    strangers: dict[str, tuple[str, ...]]  # by table: its readers in other databases
    appending: dict[str, tuple[str, ...]]  # by table: views that write to it in another way

    def view(self, name: str) -> Object:
        """A materialized view; Refused if there is none of that name."""
        view = self.objects.get(name)
        if view is None or not view.is_materialized:
            raise Refused(
                f"there is no materialized view {name}",
                "create it first (op.create_object), or correct the name",
            )
        return view

    def target(self, view: str) -> str:
        """The table that a view writes to; Refused if the view stores its rows itself."""
        target = self.objects[view].target
        if target is None:
            raise Refused(
                f"{view} is not a view TO a table that fires at every insert",
                "write it as CREATE MATERIALIZED VIEW ... TO <table>; "
                "one that refreshes itself needs no rebuild",
            )
        return target

    def sources(self, view: str) -> tuple[str, ...]:
        """The tables whose inserts fire a view: exactly one for a view that works."""
        return tuple(table for table, readers in self.readers.items() if view in readers)

    def writers(self, table: str) -> Iterator[str]:
        """The materialized views that write to a table."""
        return (each.name for each in self.objects.values() if each.target == table)


def read(server: Server) -> Graph:
    """The graph as it is now, without the objects that rebuilds have made."""
    listed = [Object(*map(str, row)) for row in server.ask(OBJECTS)]
    ours = owned.read(server)
    objects = {each.name: each for each in listed if not ours.has(each)}
    readers: dict[str, tuple[str, ...]] = {}
    strangers: dict[str, tuple[str, ...]] = {}
    for table, reader, database in server.ask(READERS):
        if database != server.database:
            strangers[table] = (*strangers.get(table, ()), f"{database}.{reader}")
        elif reader in objects and objects[reader].is_materialized:
            readers[table] = (*readers.get(table, ()), reader)
    return Graph(objects, readers, strangers, _appending(server, objects.values()))


def _appending(server: Server, listed: Iterable[Object]) -> dict[str, tuple[str, ...]]:
    """The views that refresh themselves, and those of other databases, by the table they fill."""
    found: dict[str, tuple[str, ...]] = {}
    views = [(each.name, each) for each in listed if each.refreshes]
    for database, *values in server.ask(ELSEWHERE):
        each = Object(*map(str, values))
        views.append((f"{database}.{each.name}", each))
    for name, view in views:
        if view.writes and view.writes[0] == server.database:
            found[view.writes[1]] = (*found.get(view.writes[1], ()), name)
    return found


def kafka_tables(graph: Graph, tables: Iterable[str]) -> set[str]:
    """The Kafka tables from which rows come to these tables, through any number of views."""
    feeding, seen, waiting = set[str](), set[str](), list(tables)
    while waiting:
        table = waiting.pop()
        seen.add(table)
        if table in graph.objects and graph.objects[table].is_kafka:
            feeding.add(table)
        above = {source for view in graph.writers(table) for source in graph.sources(view)}
        waiting += above - seen
    return feeding
