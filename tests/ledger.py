"""A writer that keeps a ledger: ids of committed events, and how often each came to a topic."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

from kafka import KafkaConsumer, TopicPartition

from tests.arrival import await_answer
from tests.conftest import Databases

RATE = 40  # commits a second
INSERT = """
INSERT INTO experiments.events (id, experiment_id, user_id, variant_id, event_type)
VALUES (%s, 'ledger', %s, 'a', 'seen')"""


@contextmanager
def writing(databases: Databases, *, rate: int = RATE) -> Iterator[list[str]]:
    """Commit events until the block ends; the ids of those that PostgreSQL has confirmed."""
    ids: list[str] = []
    stop, failed = threading.Event(), list[Exception]()

    def write() -> None:
        try:
            with databases.postgres() as connection:
                while not stop.wait(1 / rate):
                    event = str(uuid.uuid4())
                    connection.execute(INSERT, (event, f"u{len(ids) % 50}"))
                    ids.append(event)
        except Exception as error:
            failed.append(error)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield ids
    finally:
        stop.set()
        writer.join()
    assert not failed, failed[0]


def in_topic(brokers: str, topic: str) -> Counter[str]:
    """How often each event is in a topic now."""
    with closing(KafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)) as consumer:
        parts = [TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic)]
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends, found = consumer.end_offsets(parts), Counter[str]()
        while any(consumer.position(each) < ends[each] for each in parts):
            for records in consumer.poll(timeout_ms=500).values():
                found.update(_id(record.value) for record in records)
    del found[""]
    return found


def await_topic(brokers: str, topic: str, ids: list[str]) -> Counter[str]:
    """Return when every id of a ledger is in the topic; how often each is there."""

    def missing() -> int:
        return len(set(ids) - in_topic(brokers, topic).keys())

    await_answer(missing, 0, question=f"ids of {len(ids)} that are missing in {topic}")
    return in_topic(brokers, topic)


def await_clickhouse(databases: Databases, ids: list[str]) -> None:
    """Return when every id of a ledger is in events_processed, each once."""
    query = (
        "SELECT count(), uniqExact(event_id) FROM events_processed FINAL "
        "WHERE experiment_id = 'ledger'"
    )
    expected = [[str(len(ids)), str(len(ids))]]
    await_answer(lambda: databases.clickhouse(query), expected, question=query)


def pause(seconds: float) -> None:
    """Let the writer write."""
    time.sleep(seconds)


def _id(value: bytes | None) -> str:
    after = (json.loads(value or b"{}") or {}).get("after") or {}
    return str(after.get("id", "")) if after.get("experiment_id") == "ledger" else ""
