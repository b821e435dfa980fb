"""The views on a table, detached for a moment in which ingest is held.

Before it drops a column, the server analyses every view that reads the table, in an older way than
it runs them: names of tuple elements in one are enough for an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from analytics.rebuild import barrier, holding
from analytics.rebuild import graph as graphs
from analytics.rebuild.server import Server


@contextmanager
def readers(server: Server, table: str, *, timeout: float) -> Iterator[None]:
    """Hold ingest and detach the views on a table until the block ends.

    Without a Kafka table above it nothing can be held, so nothing is detached. Refused if one has
    no valve, or if ingest does not stop within `timeout` seconds.
    """
    holding.release(server)
    graph = graphs.read(server)
    views = graph.readers.get(table, ())
    gates = barrier.valves(graph, [table]) if views else ()
    if gates:
        *others, last = gates
        gates = (*others, replace(last, views=(*last.views, *views)))
    with holding.noted(server, table, gates), barrier.closed(server, gates, timeout=timeout):
        yield
