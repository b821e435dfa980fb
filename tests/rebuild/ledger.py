"""A sender with a ledger: messages with ids, over partitions, some of them twice."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kafka import KafkaProducer

from tests.rebuild.stage import Stage

RATE = 1000  # messages a second
TWICE = 0.05  # share that is sent twice
DAY = 86_400
START = 1_767_225_600  # 2026-01-01


@dataclass
class Ledger:
    """The messages that the broker has acknowledged, as they were sent."""

    sent: list[dict[str, int]] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def message(self, number: int) -> dict[str, int]:
        """A message; its values follow from its number."""
        return {
            "id": number,
            "kind": number % 7,
            "person": number * 7919 % 997,
            "value": number % 1000 - 200,
            "at": START + number * 37 % (3 * DAY),
            "bot": int(number % 10 == 0),
        }

    def hourly(self, version: int) -> dict[tuple[int, int], tuple[int, ...]]:
        """By kind and hour: messages, total, people, and in version 2 the largest half."""
        return self._counted(version, unit=3600)

    def daily(self, version: int) -> dict[tuple[int, int], tuple[int, ...]]:
        """The same by day."""
        return self._counted(version, unit=DAY)

    def people(self) -> dict[int, int]:
        """Messages by person."""
        return dict(Counter(each["person"] for each in self.sent))

    def _counted(self, version: int, *, unit: int) -> dict[tuple[int, int], tuple[int, ...]]:
        groups = defaultdict(list)
        for each in self.sent:
            if version == 1 or not each["bot"] or each["kind"] == 1:
                groups[each["kind"], each["at"] // unit * unit].append(each)
        return {key: _aggregates(rows, version) for key, rows in groups.items()}


def _aggregates(rows: list[dict[str, int]], version: int) -> tuple[int, ...]:
    values = [each["value"] for each in rows]
    counted = (len(rows), sum(values), len({each["person"] for each in rows}))
    return (*counted, max(int(value / 2) for value in values)) if version == 2 else counted


@contextmanager
def sending(stage: Stage, *, rate: int = RATE) -> Iterator[Ledger]:
    """Send until the block ends; partition 0 gets most, partition 3 nothing."""
    ledger, stop = Ledger(), threading.Event()
    sender = threading.Thread(target=_send, args=(stage, ledger, stop, rate), daemon=True)
    sender.start()
    try:
        yield ledger
    finally:
        stop.set()
        sender.join()
    assert not ledger.failed, ledger.failed[:3]


def _send(stage: Stage, ledger: Ledger, stop: threading.Event, rate: int) -> None:
    chance = random.Random(stage.topic)
    producer = KafkaProducer(bootstrap_servers=stage.brokers, linger_ms=5, enable_idempotence=True)
    began, number = time.monotonic(), 0
    while not stop.is_set():
        while number < (time.monotonic() - began) * rate:
            message = ledger.message(number)
            for _ in range(2 if chance.random() < TWICE else 1):
                future = producer.send(
                    stage.topic,
                    json.dumps(message).encode(),
                    partition=chance.choice((0, 0, 0, 1, 2)),
                )
                future.add_callback(lambda _, sent=message: ledger.sent.append(sent))
                future.add_errback(ledger.failed.append)
            number += 1
        time.sleep(0.005)
    producer.flush()
    producer.close()


def arrived(stage: Stage, ledger: Ledger, *, timeout: float = 90) -> None:
    """Return when every message that was sent is in the landing table."""
    deadline = time.monotonic() + timeout
    while int(stage.ask("SELECT count() FROM landing")[0][0]) < len(ledger.sent):
        if time.monotonic() > deadline:
            raise AssertionError(f"{len(ledger.sent)} messages were sent, and {_found(stage)}")
        time.sleep(0.2)
    time.sleep(1)


def _found(stage: Stage) -> str:
    """The messages that have landed, and the consumers: to find out where messages are missing."""
    landed = stage.ask(
        "SELECT partition, count(), uniqExact(offset), min(offset), max(offset) FROM landing "
        "GROUP BY partition ORDER BY partition"
    )
    detached = stage.ask(
        "SELECT table FROM system.detached_tables WHERE database = currentDatabase()"
    )
    consumers = stage.ask(
        "SELECT table, assignments.partition_id, assignments.current_offset, "
        "exceptions.text, last_poll_time, num_messages_read, is_currently_used "
        "FROM system.kafka_consumers WHERE database = currentDatabase()"
    )
    return f"landed: {landed}, detached: {detached}, consumers: {consumers}, {stage.objects()}"
