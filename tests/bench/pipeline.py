"""The bench of the pipeline: how fast rows get from PostgreSQL to ClickHouse, on the local stack.

Latency: single commits, until each is seen in events_processed; at random moments up to 0.3 s
apart, and 2 s apart, where the engine's Kafka table rests between them. Throughput: commits of
5,000 rows, until all are in events_processed. Registration: our connector from nothing, with its
gate and canary. Absolute figures say as much about the
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
from analytics.journal.entry import Direction
from analytics.local import stack
from analytics.release import run as release
from analytics.release.plan import Plan
from analytics.settings import Settings
from analytics.watch import Watch

BATCHES, BATCH = 40, 5_000
PACES = {"dense": (200, 0.0, 0.3), "sparse": (30, 2.0, 2.5)}
"""Single commits, and the shortest and longest pause after each in seconds."""
ONE = """
INSERT INTO experiments.events (id, experiment_id, user_id, variant_id, event_type)
VALUES (%s, 'bench', %s, 'a', %s)"""
MANY = """
INSERT INTO experiments.events
    (experiment_id, user_id, variant_id, event_type, session_id, properties)
SELECT 'bench', 'u' || n %% 1000, 'a', %s, 's' || n,
    jsonb_build_object('value', n %% 100, 'page', '/p/' || n %% 20, 'device', 'mobile')
FROM generate_series(1, %s) AS n"""


def latency(
    source: psycopg.Connection, target: Connection, count: int, *pause: float
) -> list[float]:
    """Milliseconds from each commit until the row is seen."""
    kind, sent, seen = f"single {uuid.uuid4()}", {}, {}

    def watch() -> None:
        query = "SELECT event_id FROM events_processed WHERE event_type = :kind"
        while len(seen) < count:
            rows = connection.select(target, query, kind=kind)
            now = time.monotonic()
            for (event,) in rows:
                seen.setdefault(event, now)
            time.sleep(0.01)

    watcher = Thread(target=watch)
    watcher.start()
    for n in range(count):
        event = str(uuid.uuid4())
        source.execute(ONE, (event, f"u{n}", kind))
        sent[event] = time.monotonic()
        time.sleep(random.uniform(*pause))
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


def registration(settings: Settings) -> float:
    """Seconds of our connector's registration, from nothing until it has passed its gate."""
    release.run(settings, Direction.DOWN, ("postgres@0008",), watch=Watch(), planned=ignore)
    start = time.monotonic()
    release.run(settings, Direction.UP, ("postgres@0009",), watch=Watch(), planned=ignore)
    return time.monotonic() - start


def ignore(_: Plan) -> None:
    """The plan is shown to nobody."""


def main() -> None:
    """Bring everything up, measure, print."""
    settings = prepare.prepare(print, stack.up, configuration.project()).settings
    with connection.postgres(settings) as source, connection.clickhouse(settings) as target:
        for name, pace in PACES.items():
            figures = latency(source, target, *pace)
            points = ", ".join(f"p{p} {percentile(figures, p):.0f} ms" for p in (50, 90, 99))
            print(f"commit to visible, {pace[0]} single commits, {name}: {points}")
        inserted, arrived = throughput(source, target)
        print(
            f"{BATCHES * BATCH:,} rows, each once: {arrived:,.0f}/s to ClickHouse, "
            f"{arrived / inserted:.2f} of the {inserted:,.0f}/s at which PostgreSQL took them"
        )
    print(
        f"a connector removed and registered again, its gate passed: {registration(settings):.1f} s"
    )


if __name__ == "__main__":
    main()
