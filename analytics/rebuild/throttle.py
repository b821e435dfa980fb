"""How much a backfill takes: what its statements may use, and when it stands back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from analytics.rebuild.barrier import Valve
from analytics.rebuild.fill import Limits
from analytics.rebuild.server import Server

PAUSE = 0.5  # seconds between two looks
REPORTED = 5.0  # seconds after which standing back is worth a line

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
    """Limits of a statement, and of what may be waiting elsewhere; 0 is no limit."""

    limits: Limits = field(default_factory=Limits)
    parts: int = 0  # active parts in one partition of a table that takes rows
    lag: int = 0  # messages that ingest is behind

    def wait_while_busy(
        self, server: Server, tables: Iterable[str], gates: Iterable[Valve]
    ) -> None:
        """Return when merges and ingest are within their limits."""
        told = monotonic()
        while why := self._behind(server, tuple(tables), tuple(gates)):
            if monotonic() - told > REPORTED:
                server.watch.say(f"the backfill stands back: {why}")
                told = monotonic()
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
    """How many messages the Kafka tables have still to read; None if the server does not say.

    It does where `statistics_interval_ms` is set for Kafka in its configuration.
    """
    tables = tuple(gate.kafka for gate in gates)
    if not tables:
        return None
    ((partitions, behind),) = server.ask(LAG, tables=tables)
    return int(behind) if int(partitions) else None
