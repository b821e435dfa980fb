"""The barrier: a moment in which nothing is written, because the valves of ingest are closed.

Each Kafka table has a valve: a view of it into a table of engine Null. While that table is
detached no read cycle can start; detaching the other views of the Kafka table then waits for the
running cycle. Kafka keeps new messages in the meantime. A restart of the server attaches everything
again; with `lasting` the valve stays closed even then, for a change in which rows would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import monotonic, sleep
from typing import Any

from analytics.errors import Refused
from analytics.rebuild.graph import Graph, kafka_tables
from analytics.rebuild.server import Server

TRIES = 3
PAUSE = 0.02  # seconds
IN_USE = 60.0  # seconds for which a query may continue to use a detached table
STILL_USED = "still used by some query"  # ClickHouse's words


@dataclass(frozen=True)
class Valve:
    """The valve of a Kafka table: its Null table, and the views that are detached after it."""

    kafka: str
    table: str
    views: tuple[str, ...]


@dataclass
class Pause:
    """The time during which a barrier was closed, from the moment at which nothing was written.

    `is_half` is set while a change is half done and rows must not come: an error then leaves ingest
    closed.
    """

    seconds: float = 0.0
    is_half: bool = False


def to_detail(gates: Iterable[Valve]) -> list[dict[str, Any]]:
    """The valves as values for a record."""
    return [asdict(gate) for gate in gates]


def from_detail(detail: Iterable[Mapping[str, Any]]) -> tuple[Valve, ...]:
    """The valves out of a record."""
    return tuple(Valve(each["kafka"], each["table"], tuple(each["views"])) for each in detail)


def valves(graph: Graph, tables: Iterable[str]) -> tuple[Valve, ...]:
    """The valves of all Kafka tables that feed these; Refused if one has none."""
    return tuple(valve(graph, kafka) for kafka in sorted(kafka_tables(graph, tables)))


def valve(graph: Graph, kafka: str) -> Valve:
    """The valve of a Kafka table; Refused if it has none."""
    views = graph.readers.get(kafka, ())
    for view in views:
        target = graph.objects.get(graph.target(view))
        if target and target.engine == "Null" and not graph.readers.get(target.name):
            return Valve(kafka, target.name, tuple(other for other in views if other != view))
    raise Refused(
        f"Kafka table {kafka} has no valve, so its rows cannot be held for a moment",
        "create one by op.create_object, a table and a view: "
        f"`CREATE TABLE {kafka}_valve (o UInt64) ENGINE = Null` and `CREATE MATERIALIZED VIEW "
        f"{kafka}_valve_mv TO {kafka}_valve AS SELECT _offset AS o FROM {kafka}`",
    )


@contextmanager
def closed(
    server: Server, gates: Iterable[Valve], *, timeout: float, lasting: bool = False
) -> Iterator[Pause]:
    """Hold ingest through these Kafka tables until the block ends.

    Ingest is open again afterwards, unless the server is gone or a change is half done. Refused if
    ingest does not stop within `timeout` seconds, three times.
    """
    gates = tuple(gates)
    _close(server, gates, timeout=timeout, lasting=lasting)
    pause, began = Pause(), monotonic()
    try:
        yield pause
    except BaseException:
        if not pause.is_half:
            open_again(server, gates)
        raise
    open_again(server, gates)
    pause.seconds = monotonic() - began


def open_again(server: Server, gates: Iterable[Valve]) -> None:
    """Attach what is detached of them, the valves last."""
    gates = tuple(gates)
    for name in (*(view for gate in gates for view in gate.views), *(g.table for g in gates)):
        attach(server, name)


def attach(server: Server, name: str) -> None:
    """Attach a table or view, unless it is attached.

    While a query still uses a detached table it cannot be attached: this waits for the query.
    """
    deadline = monotonic() + IN_USE
    while True:
        try:
            server.send(f"ATTACH TABLE IF NOT EXISTS {server.name(name)}")
            return
        except Exception as error:
            if STILL_USED not in str(getattr(error, "orig", error)) or monotonic() > deadline:
                raise
        sleep(PAUSE)


def _close(server: Server, gates: tuple[Valve, ...], *, timeout: float, lasting: bool) -> None:
    for _ in range(TRIES):
        if _closes(server, gates, timeout=timeout, lasting=lasting):
            return
    raise Refused(
        f"ingest did not stop within {timeout:g} s, {TRIES} times",
        "it is open again; run the same command again, or give it longer with "
        "ANALYTICS_BARRIER_TIMEOUT (seconds); system.kafka_consumers shows what is under way",
    )


def _closes(server: Server, gates: tuple[Valve, ...], *, timeout: float, lasting: bool) -> bool:
    """Whether all of ingest stopped in time; if not, all of it is open again."""
    word = " PERMANENTLY" if lasting else ""
    for gate in gates:
        server.send(f"DETACH TABLE IF EXISTS {server.name(gate.table)}{word}")
    for view in (view for gate in gates for view in gate.views):
        detach = f"DETACH TABLE IF EXISTS {server.name(view)} SYNC"
        if not server.send_within(detach, timeout):
            open_again(server, gates)
            return False
    return True
