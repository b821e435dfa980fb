"""The bench of rebuilds: how long one holds ingest, how fast it computes history, under load.

ROWS is a list such as 0,2000000,20000000; each size is rebuilt and put back ROUNDS times while a
producer sends 1,000 messages a second through the broker, all services on the same machine. Lag is
how many seconds of messages are sent and not yet in the landing table: the worst while nothing
else is done, and while both INSERTs and rebuilds run.
"""

from __future__ import annotations

import json
import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from analytics import settings
from analytics.local import stack
from analytics.rebuild import record
from analytics.rebuild.record import State
from tests.rebuild import ledger, stage
from tests.rebuild.chain import GOALS, back
from tests.rebuild.stage import Stage

ROWS = [int(rows) for rows in os.environ.get("ROWS", "0,2000000,20000000").split(",")]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BLOCK = 1_000_000

FILL = """
INSERT INTO events (id, kind, person, value, at, bot)
SELECT number, number % 7, number * 7919 % 99991, number % 1000 - 200,
    toDateTime({start}, 'UTC') + number % (30 * 86400), number % 10 = 0
FROM numbers({first}, {rows})"""

HOURLY = """
INSERT INTO plain_hourly
SELECT kind, toStartOfHour(at) AS hour, count(), sum(value), uniqExactState(person), max(half)
FROM events
WHERE NOT bot OR kind = 1
GROUP BY kind, hour"""

DAILY = """
INSERT INTO plain_daily
SELECT kind, toDate(hour) AS day, sum(messages), sum(total), uniqExactMergeState(people)
FROM plain_hourly
GROUP BY kind, day"""


def main() -> None:
    """Print a row for each size."""
    stack.up(["kafka", "clickhouse"], report=lambda *_: None)
    at = settings.load()
    url = at.need("clickhouse_url").rpartition("/")[0].replace("default@", "default:@")
    print(
        f"{'rows':>12}  {'pause p50':>9}  {'worst':>6}  {'way back':>8}  {'of plain INSERT':>15}  "
        f"{'lag before':>10}  {'meanwhile':>9}"
    )
    for rows in ROWS:
        with stage.fed(url, at.need("kafka_bootstrap_servers")) as found:
            _fill(found, rows)
            print(_measured(found, rows), flush=True)


def _fill(found: Stage, rows: int) -> None:
    for first in range(0, rows, BLOCK):
        found.ask(FILL.format(start=ledger.START, first=first, rows=min(BLOCK, rows - first)))


def _measured(found: Stage, rows: int) -> str:
    speeds = []
    with ledger.sending(found) as sent:
        time.sleep(3)
        with _lag(found, sent) as before:
            time.sleep(3)
        with _lag(found, sent) as meanwhile:
            for _ in range(ROUNDS):
                plain = _plain(found)
                found.rebuild(GOALS["hourly"])
                speeds.append(plain / max(_backfill(found), 1e-3))
                found.rebuild(back(GOALS["hourly"]))
    pauses = found.pauses()
    ways_back = [pause for is_back, pause in pauses if is_back]
    up = [pause for is_back, pause in pauses if not is_back]
    speed = f"{statistics.median(speeds):.2f}" if rows else "-"
    return (
        f"{rows:>12,}  {statistics.median(up) * 1000:>6.0f} ms  {max(up) * 1000:>3.0f} ms  "
        f"{max(ways_back) * 1000:>5.0f} ms  {speed:>15}  "
        f"{max(before):>8.1f} s  {max(meanwhile):>7.1f} s"
    )


@contextmanager
def _lag(found: Stage, sent: ledger.Ledger) -> Iterator[list[float]]:
    """How far the landing table is behind the producer, in seconds, ten times a second."""
    seen: list[float] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            known = len(sent.sent)
            landed = int(found.ask("SELECT count() FROM landing")[0][0])
            seen.append(max(known - landed, 0) / ledger.RATE)

    looking = threading.Thread(target=look)
    looking.start()
    yield seen
    stop.set()
    looking.join()


def _plain(found: Stage) -> float:
    """Seconds of what a person would write: an INSERT SELECT into each of two such tables."""
    for table, version in (("hourly", 2), ("daily", 1)):
        found.ask(f"DROP TABLE IF EXISTS plain_{table}")
        definition, label = found.read(table, version)
        found.ask(definition.named(f"plain_{table}").create(label))
    began = time.perf_counter()
    found.ask(HOURLY)
    found.ask(DAILY)
    return time.perf_counter() - began


def _backfill(found: Stage) -> float:
    """Seconds that the pieces of the last rebuild took for the hourly and the daily table."""
    lines = record.all_of(found.server())[-1].lines
    return sum(json.loads(line.detail)["seconds"] for line in lines if line.state is State.CHUNK)


if __name__ == "__main__":
    main()
