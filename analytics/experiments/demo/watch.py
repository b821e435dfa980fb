"""The progress of this run's rows: committed, captured, processed, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError
from sqlalchemy import Connection

from analytics.errors import NotHealthy, Refused, Unreachable
from analytics.experiments.connection import select
from analytics.experiments.demo import application, replay
from analytics.experiments.demo.application import Commit
from analytics.experiments.demo.thornton import EXPERIMENT, Person
from analytics.kafka import topics

PROGRESS = """
    SELECT
        (
            SELECT uniqExact(event_id)
            FROM events_processed
            WHERE experiment_id = :experiment AND version >= :version
        ) AS processed,
        (
            SELECT uniqExact(assignment_id)
            FROM assignments_processed
            WHERE experiment_id = :experiment AND version >= :version
        ) AS assigned,
        uniqExactMerge(events) AS counted,
        sum(rows_ingested) AS counted_rows
    FROM experiment_hourly_stats
    WHERE experiment_id = :experiment
"""

WHERE_TO_LOOK = {
    "committed": "look at PostgreSQL's log for what it waits for",
    "captured": "ask Kafka Connect how the connector is (GET /connectors/<name>/status)",
    "events_processed": "look at system.kafka_consumers and rejected_messages in ClickHouse",
    "assignments_processed": "look at rejected_messages in ClickHouse",
    "hourly statistics": "check that hourly_stats_mv exists in ClickHouse",
    "amended events": "look at rejected_messages in ClickHouse",
}
"""Stage -> the remedy when it is the first that lacks rows."""


@dataclass(frozen=True)
class Stage:
    """One stage of the pipeline: the number of this run's rows that have passed it."""

    name: str
    done: int
    expected: int

    @property
    def lacks(self) -> int:
        return max(0, self.expected - self.done)


@dataclass(frozen=True)
class Mark:
    """The state before this run's first row: its progress is counted from there."""

    version: int  # position in the write-ahead log
    offset: int  # messages in the topic's partitions
    counted_rows: int  # that the hourly statistics were made from


@dataclass(frozen=True)
class Ends:
    """The two ends that are watched from outside: the topic and ClickHouse."""

    broker: KafkaAdminClient
    partitions: tuple[TopicPartition, ...]
    target: Connection


def partitions(broker: KafkaAdminClient, topic: str) -> tuple[TopicPartition, ...]:
    """The topic's partitions; Refused without such a topic."""
    count = topics.partitions(broker, topic)
    if count is None:
        raise Refused(
            f"there is no topic {topic}",
            "run `alembic upgrade head` with the same ANALYTICS_NAMESPACE",
        )
    return tuple(TopicPartition(topic, number) for number in range(count))


def mark(source: psycopg.Connection, ends: Ends) -> Mark:
    version = replay.position(source)
    return Mark(version, _end(ends), _progress(ends, version)[-1])


def stages(
    ends: Ends, start: Mark, *, commits: Iterable[Commit], people: Sequence[Person]
) -> tuple[Stage, ...]:
    """Every stage in its current state; Unreachable if Kafka does not answer.

    The hourly statistics have no versions: they are complete when they count all events and were
    made from as many more rows as this run sends.
    """
    rows, assignments = application.rows(people), len(people)
    events = rows - assignments
    captured = _end(ends) - start.offset
    processed, assigned, counted, counted_rows = _progress(ends, start.version)
    return (
        Stage("committed", sum(commit.rows for commit in commits), rows),
        Stage("captured", captured, rows),
        Stage("events_processed", processed, events),
        Stage("assignments_processed", assigned, assignments),
        Stage("hourly statistics", min(counted, counted_rows - start.counted_rows), events),
    )


def lacking(stages: Iterable[Stage]) -> list[Stage]:
    return [stage for stage in stages if stage.lacks]


def too_late(stages: Iterable[Stage], timeout: float) -> NotHealthy:
    """The error after the time-out: every stage that lacks rows, and where to look first."""
    short = lacking(stages)
    lacks = ", ".join(
        f"{stage.name} lacks {stage.lacks:,} of {stage.expected:,}" for stage in short
    )
    look = WHERE_TO_LOOK[short[0].name] if short else "check the load of ClickHouse"
    return NotHealthy(
        f"{timeout:.0f} s after the last commit {lacks or 'not every timed commit was seen'}",
        f"{look}, then run the demo again",
    )


def _progress(ends: Ends, version: int) -> tuple[int, ...]:
    rows = select(ends.target, PROGRESS, experiment=EXPERIMENT, version=version)
    return tuple(int(number) for number in rows[0])


def _end(ends: Ends) -> int:
    """The end offsets of all partitions together."""
    wanted = dict.fromkeys(ends.partitions, OffsetSpec.LATEST)
    try:
        latest = ends.broker.list_partition_offsets(wanted)
    except KafkaError as error:
        raise Unreachable(
            f"Kafka does not return the end of topic {ends.partitions[0].topic} ({error})",
            "look at the broker (`analytics local status`) and run the demo again",
        ) from error
    return sum(last.offset for last in latest.values())
