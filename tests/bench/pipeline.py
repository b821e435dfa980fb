"""The bench of the pipeline: how fast rows get from PostgreSQL to ClickHouse, on the local stack.

Latency: single commits at random moments, until each is seen in events_processed. Throughput:
commits of 5,000 rows, until all are in events_processed. Absolute figures say as much about the
machine as about the pipeline, so throughput is also given as a share of the plain INSERT rate.
"""

from __future__ import annotations

import random
import time
import uuid
from threading import Thread

import psycopg
from sqlalchemy import Connection

from analytics import settings as configuration
from analytics.experiments import connection
from analytics.experiments.demo import prepare
from analytics.experiments.demo.latency import percentile
from analytics.local import stack

SINGLE, BATCHES, BATCH = 200, 40, 5_000
ONE = """
INSERT INTO experiments.events (id, experiment_id, user_id, variant_id, event_type)
VALUES (%s, 'bench', %s, 'a', %s)"""
MANY = """
INSERT INTO experiments.events
    (experiment_id, user_id, variant_id, event_type, session_id, properties)
SELECT 'bench', 'u' || n %% 1000, 'a', %s, 's' || n,
    jsonb_build_object('value', n %% 100, 'page', '/p/' || n %% 20, 'device', 'mobile')
FROM generate_series(1, %s) AS n"""


def latency(source: psycopg.Connection, target: Connection) -> list[float]:
    """Milliseconds from each commit until the row is seen."""
    kind, sent, seen = f"single {uuid.uuid4()}", {}, {}

    def watch() -> None:
        query = "SELECT event_id FROM events_processed WHERE event_type = :kind"
        while len(seen) < SINGLE:
            rows = connection.select(target, query, kind=kind)
            now = time.monotonic()
            for (event,) in rows:
                seen.setdefault(event, now)
            time.sleep(0.01)

    watcher = Thread(target=watch)
    watcher.start()
    for n in range(SINGLE):
        event = str(uuid.uuid4())
        source.execute(ONE, (event, f"u{n}", kind))
        sent[event] = time.monotonic()
        time.sleep(random.uniform(0, 0.3))
    watcher.join()
    return [1000 * (seen[event] - at) for event, at in sent.items()]


def throughput(source: psycopg.Connection, target: Connection) -> tuple[float, float]:
    """Rows per second: committed to PostgreSQL, and from the first commit until all are seen."""
    kind, total = f"batch {uuid.uuid4()}", BATCHES * BATCH
    query = "SELECT count(), uniqExact(event_id) FROM events_processed WHERE event_type = :kind"
    start = time.monotonic()
    for _ in range(BATCHES):
        source.execute(MANY, (kind, BATCH))
    committed = time.monotonic() - start
    while (rows := connection.select(target, query, kind=kind)[0])[1] < total:
        time.sleep(0.25)
    assert rows[0] == total, f"{rows[0]} rows of {total} events"
    return total / committed, total / (time.monotonic() - start)


def main() -> None:
    """Bring everything up, measure, print."""
    settings = prepare.prepare(print, stack.up, configuration.project()).settings
    with connection.postgres(settings) as source, connection.clickhouse(settings) as target:
        figures = latency(source, target)
        points = ", ".join(f"p{p} {percentile(figures, p):.0f} ms" for p in (50, 90, 99))
        print(f"commit to visible, {SINGLE} single commits: {points}")
        inserted, arrived = throughput(source, target)
        print(
            f"{BATCHES * BATCH:,} rows, each once: {arrived:,.0f}/s to ClickHouse, "
            f"{arrived / inserted:.2f} of the {inserted:,.0f}/s at which PostgreSQL took them"
        )


if __name__ == "__main__":
    main()
