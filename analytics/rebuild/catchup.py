"""The rows that have come since the snapshot: taken in batches, and computed like chunks.

A batch is a table of its own for each source, into which the parts of `<source>__since` are moved.
The record has a line for it before anything is moved, and that of its chunk when it is computed: a
later run goes on between the two. The last batch is taken while ingest is held.
"""

from __future__ import annotations

from analytics.rebuild import backfill, names, objects, shadow
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.throttle import Throttle
from analytics.sql.tokens import literal

FEW = 5_000  # rows: computed in so short a time that ingest may be held for it
MOST = 30  # batches, while rows come as fast as they are computed

WAITING = """
SELECT sum(rows)
FROM system.parts
WHERE database = currentDatabase() AND table IN %(tables)s AND active"""

PARTITIONS = """
SELECT DISTINCT partition_id
FROM system.parts
WHERE database = currentDatabase() AND table = %(table)s AND active"""


def run(server: Server, outline: Outline, record: Record, throttle: Throttle) -> None:
    """Compute what has come since, batch by batch, until few rows are left."""
    for number in stale(server, outline, record):
        compute(server, outline, record, number, throttle)
    for _ in range(MOST):
        if waiting(server, outline) <= FEW:
            return
        number = prepare(server, outline, record)
        compute(server, outline, record, number, throttle)


def waiting(server: Server, outline: Outline) -> int:
    """The number of rows that no batch has taken yet."""
    tables = tuple(source + names.SINCE for source in outline.chain.sources)
    return int(server.one(WAITING, tables=tables) or 0)


def batches(record: Record) -> list[int]:
    """The numbers of the batches that have begun, in order."""
    found = {int(line.item) for line in record.lines if line.state is State.BATCH}
    return sorted(found)


def stale(server: Server, outline: Outline, record: Record) -> list[int]:
    """The numbers of those whose rows are not computed, or not all.

    A statement of a killed run may begin late, and move parts into a batch that is computed.
    """
    computed = {n: (record.detail(State.CHUNK, str(n)) or {}).get("rows") for n in batches(record)}
    return [number for number, rows in computed.items() if rows != _rows(server, outline, number)]


def _rows(server: Server, outline: Outline, number: int) -> int:
    tables = tuple(names.batch(source, number) for source in outline.chain.sources)
    return int(server.one(WAITING, tables=tables) or 0)


def prepare(server: Server, outline: Outline, record: Record) -> int:
    """Record a batch, and create its empty tables; its number."""
    chunks = [int(each["number"]) for each in (record.detail(State.SNAPSHOT) or {})["chunks"]]
    number = max([0, *chunks, *batches(record)]) + 1
    record.write(State.BATCH, str(number))
    _make(server, outline, number)
    return number


def compute(
    server: Server, outline: Outline, record: Record, number: int, throttle: Throttle
) -> None:
    """Take the rows that wait into a batch, and compute what they give."""
    _make(server, outline, number)
    take(server, outline, number)
    rows = fill(server, outline, number, throttle)
    record.write(State.CHUNK, str(number), rows=rows)


def _make(server: Server, outline: Outline, number: int) -> None:
    """Create the tables of a batch unless they exist, and those of its chunk from empty."""
    tables = {names.batch(source, number): source for source in outline.chain.sources}
    for batch in tables.keys() - objects.some(server, tables).keys():
        shadow.empty(server, tables[batch], batch)
    backfill.empty_chunk(server, outline, number)


def take(server: Server, outline: Outline, number: int) -> None:
    """Move the parts that are there now; rows that come meanwhile wait for the next batch."""
    for source in outline.chain.sources:
        since, batch = source + names.SINCE, names.batch(source, number)
        for (partition,) in server.ask(PARTITIONS, table=since):
            server.send(
                f"ALTER TABLE {server.name(since)} MOVE PARTITION ID {literal(partition)} "
                f"TO TABLE {server.name(batch)}"
            )


def fill(server: Server, outline: Outline, number: int, throttle: Throttle) -> int:
    """Compute the chunk of a batch, which is empty; the number of the batch's rows."""
    rows = _rows(server, outline, number)
    if rows:
        sources = outline.chain.sources
        origins = {source: server.name(names.batch(source, number)) for source in sources}
        backfill.compute(server, outline, number, origins, throttle)
    return rows
