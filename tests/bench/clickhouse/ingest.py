"""The messages of the bench, and the rate at which a side takes them in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from tests.bench.clickhouse.server import Server

STAGE = """
CREATE TABLE stage.{table}
(
    message   String,
    topic     LowCardinality(String),
    partition UInt64,
    offset    UInt64
)
ENGINE = MergeTree
ORDER BY offset"""
INSERT = """
INSERT INTO raw_events (message, topic, partition, offset)
SELECT message, topic, partition, offset
FROM stage.{table}
WHERE offset >= {{first:UInt64}}
  AND offset < {{end:UInt64}}"""


def stage(server: Server, events: int) -> None:
    """Make the messages, the same on each side, and take the assignments in."""
    users = events // 200
    server.run("CREATE DATABASE stage ENGINE = Atomic")
    for table in ("assignments", "events"):
        server.run(STAGE.format(table=table))
        statement = Path(__file__).with_name(f"{table}.sql").read_text()
        server.run(statement, users=users, **({"events": events} if table == "events" else {}))
    server.run(INSERT.format(table="assignments"), first=0, end=users * 20)
    server.settle()


def rate(server: Server, bounds: Sequence[int]) -> float:
    """Events a second, with an INSERT for each stretch between two bounds, all at once."""
    statement = INSERT.format(table="events")
    start = time.perf_counter()
    with ThreadPoolExecutor(len(bounds) - 1) as pool:
        stretches = pairwise(bounds)
        list(pool.map(lambda part: server.run(statement, first=part[0], end=part[1]), stretches))
    seconds = time.perf_counter() - start
    server.settle()
    return (bounds[-1] - bounds[0]) / seconds
