"""Nothing is being written, and Kafka keeps everything: the valves of ingest, closed for a moment.

Each Kafka table has a valve: a view of it into a table of engine Null. While that table is
detached no cycle of reading can begin; detaching the other views of the Kafka table then waits for
the cycle that runs. Detached the ordinary way, all of it comes back with a restart of the server;
`lasting` keeps the valve closed even then, for a moment in which rows would be lost.
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
IN_USE = 60.0  # seconds that a query may go on using what is detached
STILL_USED = "still used by some query"  # ClickHouse's words


@dataclass(frozen=True)
class Valve:
    """What closes one Kafka table: the Null table, and the views that are detached behind it."""

    kafka: str
    table: str
    views: tuple[str, ...]


@dataclass
class Pause:
    """How long a barrier was closed, in seconds: from the moment that nothing moved.

    `is_half` is set when what was begun must be finished before rows may come again: an error
    then leaves ingest closed.
    """

    seconds: float = 0.0
    is_half: bool = False


def to_detail(gates: Iterable[Valve]) -> list[dict[str, Any]]:
    """For a record."""
    return [asdict(gate) for gate in gates]


def from_detail(detail: Iterable[Mapping[str, Any]]) -> tuple[Valve, ...]:
    """Out of a record."""
    return tuple(Valve(each["kafka"], each["table"], tuple(each["views"])) for each in detail)


def valves(graph: Graph, tables: Iterable[str]) -> tuple[Valve, ...]:
    """The valves of all Kafka tables that feed these; Refused if one has none."""
    return tuple(valve(graph, kafka) for kafka in sorted(kafka_tables(graph, tables)))


def valve(graph: Graph, kafka: str) -> Valve:
    """The valve of a Kafka table; Refused if it has none."""
    views = graph.readers.get(kafka, ())
    for each in views:
        target = graph.objects.get(graph.target(each))
        if target and target.engine == "Null" and not graph.readers.get(target.name):
            return Valve(kafka, target.name, tuple(v for v in views if v != each))
    raise Refused(
        f"Kafka table {kafka} has no valve, so its rows cannot be held for a moment",
        f"create a table {kafka}_valve (message String) ENGINE = Null and a view "
        f"{kafka}_valve_mv TO it that selects from {kafka}",
    )


@contextmanager
def closed(
    server: Server, gates: Iterable[Valve], *, timeout: float, lasting: bool = False
) -> Iterator[Pause]:
    """Until this block ends nothing is written by way of these Kafka tables.

    It ends with ingest open, unless the server is gone or what was begun is half done.
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
    """Attach whatever of them is detached, the valves last."""
    gates = tuple(gates)
    for name in (*(view for gate in gates for view in gate.views), *(g.table for g in gates)):
        attach(server, name)


def attach(server: Server, name: str) -> None:
    """Attach a table or view, unless it is there.

    One that a query still uses, though it is detached, cannot be attached before that ends.
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
        f"ingest did not come to rest within {timeout:g} s, {TRIES} times",
        "it is open again; look at system.kafka_consumers, and run the same command again",
    )


def _closes(server: Server, gates: tuple[Valve, ...], *, timeout: float, lasting: bool) -> bool:
    """Whether all came to rest in time; if not, all is open again."""
    word = " PERMANENTLY" if lasting else ""
    for gate in gates:
        server.send(f"DETACH TABLE IF EXISTS {server.name(gate.table)}{word}")
    for view in (view for gate in gates for view in gate.views):
        detach = f"DETACH TABLE IF EXISTS {server.name(view)} SYNC"
        if not server.send_within(detach, timeout):
            open_again(server, gates)
            return False
    return True
