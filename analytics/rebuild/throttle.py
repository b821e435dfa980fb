"""The throttle of a backfill: the limits of its statements, and when it waits for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from analytics.rebuild.barrier import Valve
from analytics.rebuild.fill import Limits
from analytics.rebuild.server import Server

PAUSE = 0.5  # seconds between two checks
REPORTED = 5.0  # seconds after which waiting is reported

PARTS = """
SELECT max(parts)
FROM
(
    SELECT count() AS parts
    FROM system.parts
    WHERE database = currentDatabase() AND active AND table IN %(tables)s
    GROUP BY table, partition_id
)"""

LAG = """
SELECT count(), sum(greatest(JSONExtractInt(partition.2, 'consumer_lag'), 0))
FROM
(
    SELECT rdkafka_stat
    FROM system.kafka_consumers
    WHERE database = currentDatabase() AND table IN %(tables)s AND rdkafka_stat != ''
)
ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'topics') AS topic
ARRAY JOIN JSONExtractKeysAndValuesRaw(topic.2, 'partitions') AS partition"""


@dataclass(frozen=True)
class Throttle:
    """The limits of a statement, and of the work that may be waiting elsewhere; 0 is no limit."""

    limits: Limits = field(default_factory=Limits)
    parts: int = 0  # active parts in one partition of a table that takes rows
    lag: int = 0  # messages that ingest is behind

    def wait_while_busy(
        self, server: Server, tables: Iterable[str], gates: Iterable[Valve]
    ) -> None:
        """Wait while merges of these tables, or ingest, are behind their limits."""
        reported = monotonic()
        while why := self._behind(server, tuple(tables), tuple(gates)):
            if monotonic() - reported > REPORTED:
                server.watch.say(f"the backfill waits: {why}")
                reported = monotonic()
            server.watch.pause(PAUSE)

    def _behind(
        self, server: Server, tables: tuple[str, ...], gates: tuple[Valve, ...]
    ) -> str | None:
        if self.parts and (parts := int(server.one(PARTS, tables=tables) or 0)) > self.parts:
            return f"{parts} parts wait to be merged"
        if self.lag and (behind := lag(server, gates)) and behind > self.lag:
            return f"ingest is {behind:,} messages behind"
        return None


def lag(server: Server, gates: Iterable[Valve]) -> int | None:
    """The number of messages that the Kafka tables still have to read; None if it is unknown.

    A server knows it if its configuration sets `statistics_interval_ms` for Kafka.
    """
    tables = tuple(gate.kafka for gate in gates)
    if not tables:
        return None
    ((partitions, behind),) = server.ask(LAG, tables=tables)
    return int(behind) if int(partitions) else None
