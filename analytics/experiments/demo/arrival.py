"""The arrival of the shop's rows in ClickHouse, with the last change of each row."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg
from sqlalchemy import Connection

from analytics.experiments.connection import select
from analytics.experiments.demo import replay, trade, watch
from analytics.experiments.demo.shop import EXPERIMENT, Shop
from analytics.experiments.demo.watch import Stage

LOOK = 0.2  # seconds between two looks
STAGES = ("assignments_processed", "events_processed", "amended events")

# without FINAL, so that a deleted event counts as arrived
ARRIVED = """
    SELECT
        (
            SELECT uniqExact(assignment_id)
            FROM assignments_processed
            WHERE experiment_id = :experiment AND version >= :begun
        ),
        uniqExactIf(event_id, version >= :begun),
        uniqExactIf(event_id, version >= :amended)
    FROM events_processed
    WHERE experiment_id = :experiment
"""


@dataclass(frozen=True)
class Sent:
    """The shop that was written, and the end of the log before it and before its amendments."""

    happened: Shop
    begun: int
    amended: int


def send(source: psycopg.Connection, happened: Shop) -> Sent:
    begun = replay.position(source)
    trade.write(source, happened)
    amended = replay.position(source)
    trade.amend(source, happened)
    return Sent(happened, begun, amended)


def wait(target: Connection, sent: Sent, *, timeout: float) -> None:
    """Return when all rows have arrived; NotHealthy if some are missing after the time-out."""
    deadline = time.monotonic() + timeout
    while watch.lacking(stages := _stages(target, sent)):
        if time.monotonic() > deadline:
            raise watch.too_late(stages, timeout)
        time.sleep(LOOK)


def expected(happened: Shop) -> tuple[int, int, int]:
    """The number of rows that must arrive at each of the stages."""
    assigned = sum(1 for visitor in happened.visitors if visitor.assigned_at)
    amended = happened.of("corrected", "resent", "deleted")
    return assigned, len(happened.events), len(amended)


def _stages(target: Connection, sent: Sent) -> tuple[Stage, ...]:
    marks = {"begun": sent.begun, "amended": sent.amended}
    (arrived,) = select(target, ARRIVED, experiment=EXPERIMENT, **marks)
    counts = zip(STAGES, arrived, expected(sent.happened), strict=True)
    return tuple(Stage(name, done, wanted) for name, done, wanted in counts)
