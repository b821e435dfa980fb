"""A Kafka table recreated under the same consumer group: the engine has no ALTER."""

from __future__ import annotations

from time import monotonic

from analytics.clickhouse.clauses import collection, consumer_group
from analytics.errors import Refused
from analytics.rebuild import barrier, holding, labels
from analytics.rebuild import graph as graphs
from analytics.rebuild import record as records
from analytics.rebuild.barrier import Valve
from analytics.rebuild.graph import Graph
from analytics.rebuild.labels import Read
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server

PATIENCE = 60.0  # seconds; a member that was killed holds the group for its session timeout
PAUSE = 0.1

ASSIGNED = """
SELECT sum(length(assignments.topic))
FROM system.kafka_consumers
WHERE database = currentDatabase() AND table = %(table)s"""


def recreate(server: Server, table: str, version: int, read: Read, *, timeout: float) -> None:
    """Bring a Kafka table to a version; nothing to do if it is at that version.

    Nothing is lost: the group keeps its offsets, and the topic keeps the messages. Refused if the
    table would read as another group, if it has no valve, or if ingest does not stop in time.
    """
    holding.release(server)
    graph = graphs.read(server)
    record = next((r for r in records.unfinished(server) if r.view == table), None)
    definition, label = read(table, version)
    is_there = table in graph.objects and graph.objects[table].label == label
    if is_there and record is None:
        return
    if table in graph.objects:
        labels.version(graph.objects[table])
        _same_group(table, graph.objects[table].engine_full, definition.text)
    gate, own = _gate(graph, table, record)
    record = record or records.begin(server, table)
    record.write(State.PLANNED, gates=barrier.to_detail([gate]), own=own)
    with barrier.closed(server, [gate], timeout=timeout, lasting=True) as pause:
        pause.is_half = True
        server.send(f"DETACH TABLE IF EXISTS {server.name(own)}")
        if not is_there:
            server.send(f"DROP TABLE IF EXISTS {server.name(table)}")
            server.send(definition.create(label))
        barrier.attach(server, own)
    record.write(State.DONE, pause=pause.seconds)
    _wait(server, table)


def _gate(graph: Graph, table: str, record: Record | None) -> tuple[Valve, str]:
    """The gate of a Kafka table, and the view that leads into its valve."""
    planned = record.detail(State.PLANNED) if record else None
    if planned:
        (gate,) = barrier.from_detail(planned["gates"])
        return gate, str(planned["own"])
    if table not in graph.objects or not graph.objects[table].is_kafka:
        raise Refused(f"there is no Kafka table {table}", "create it first (op.create_object)")
    gate = barrier.valve(graph, table)
    return gate, next(v for v in graph.readers[table] if v not in gate.views)


def _same_group(table: str, engine: str, text: str) -> None:
    """Refused if the table would read as another group: the topic from its start, a second time."""
    now, then = _group(f"ENGINE = {engine}"), _group(text)
    if now != then:
        raise Refused(
            f"{table} reads as group {now}, and its next version as {then}, which would read the "
            "topic from its start",
            "keep kafka_group_name; to read everything again, use op.replay",
        )


def _group(text: str) -> str:
    """The consumer group that a table names, or the collection that names it."""
    return consumer_group(text) or f"of the collection {collection(text)}"


def _wait(server: Server, table: str) -> None:
    """Report how long the group takes to assign partitions to the table."""
    began = monotonic()
    while not int(server.one(ASSIGNED, table=table) or 0):
        if monotonic() - began > PATIENCE:
            server.watch.say(
                f"{table} has no partitions after {PATIENCE:g} s: another member holds the group "
                "until its session ends (kafka-consumer-groups.sh --describe)"
            )
            return
        server.watch.pause(PAUSE)
    server.watch.say(f"{table} reads again after {monotonic() - began:.1f} s")
