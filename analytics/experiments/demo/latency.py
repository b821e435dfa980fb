"""The latency: from a commit in PostgreSQL until ClickHouse shows the row."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from threading import Event

from sqlalchemy import Connection

from analytics.experiments.connection import select
from analytics.experiments.demo.application import Commit
from analytics.experiments.demo.replay import SINGLY
from analytics.experiments.demo.thornton import EXPERIMENT

POLL = 0.02  # seconds between two looks: a figure is too high by up to this and the query's time


def measure(
    target: Connection, commits: Sequence[Commit], *, version: int, stop: Event
) -> list[float]:
    """Milliseconds until the exposure of each timed commit was seen; fewer if told to stop.

    `commits` grows meanwhile. Only rows with this run's versions count, so that a row which is
    sent again counts when it arrives again.
    """
    seen: dict[str, float] = {}
    while len(seen) < SINGLY and not stop.wait(POLL):
        since = {str(c.people[0].id("exposure")): c.at for c in commits if c.timed}
        awaited = sorted(since.keys() - seen.keys())
        visible = _visible(target, awaited, version) if awaited else ()
        now = time.monotonic()
        seen |= {event: 1000 * (now - since[event]) for event in visible}
    return list(seen.values())


def percentile(figures: Sequence[float], percent: float) -> float:
    """The smallest figure that at least so many percent do not exceed (nearest rank)."""
    rank = max(1, math.ceil(len(figures) * percent / 100))
    return sorted(figures)[rank - 1]


def _visible(target: Connection, events: Sequence[str], version: int) -> list[str]:
    query = f"""
        SELECT DISTINCT event_id
        FROM events_processed
        WHERE experiment_id = :experiment
          AND version >= :version
          AND event_id IN ({", ".join(f"'{event}'" for event in events)})
    """
    return [event for (event,) in select(target, query, experiment=EXPERIMENT, version=version)]
