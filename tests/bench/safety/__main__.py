"""The bench of safety: lock, journal and command line, beside bare Alembic and chkit-py."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests

from analytics import settings
from analytics.local import stack
from tests.bench.safety import project

ROUNDS = int(os.environ.get("ROUNDS", "5"))
DATABASE = "bench_safety"
ALEMBIC = (sys.executable, "-m", "alembic")
OURS = (sys.executable, "-c", "from analytics.cli import main; main()")
NO_OP = ("alembic", "clickhouse")
CHKIT = Path(".venv-compare/chkit/bin/chkit").absolute()


class Bench:
    """Databases of the local stack, and commands that are timed as whole processes."""

    def __init__(self) -> None:
        stack.up(["postgres", "clickhouse"], report=lambda *_: None)
        at = settings.load()
        self.postgres = at.need("postgres_url").rpartition("/")[0]
        self.clickhouse = at.need("clickhouse_url").rpartition("/")[0]
        self.http = self.clickhouse.replace("clickhouse+", "").replace("default@", "")

    def fresh(self) -> None:
        """Both databases, empty."""
        for query in (f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}"):
            with psycopg.connect(f"{self.postgres}/postgres", autocommit=True) as connection:
                connection.execute(query.encode())
            assert requests.post(self.http, data=query).ok

    def seconds(self, command: tuple[str, ...], folder: Path) -> float:
        """How long a command takes; it has to succeed."""
        environment = {
            "PYTHONPATH": str(Path.cwd()),
            "ANALYTICS_POSTGRES_URL": f"{self.postgres}/{DATABASE}",
            "ANALYTICS_CLICKHOUSE_URL": f"{self.clickhouse}/{DATABASE}",
            "BARE_POSTGRES_URL": f"{self.postgres}/{DATABASE}".replace(
                "postgresql://", "postgresql+psycopg://"
            ),
            "BARE_CLICKHOUSE_URL": f"{self.clickhouse}/{DATABASE}".replace("default@", "default:@"),
        }
        started = time.perf_counter()
        subprocess.run(
            command, cwd=folder, env=os.environ | environment, check=True, capture_output=True
        )
        return time.perf_counter() - started


def medians(*sides: Callable[[], float]) -> Sequence[float]:
    """The median of each side, taken in turns."""
    measured = [[side() for side in sides] for _ in range(ROUNDS)]
    return [statistics.median(each) for each in zip(*measured, strict=True)]


def row(what: str, ours: float, bare: float, goal: str) -> None:
    print(f"{what:<52} {ours:8.3f} {bare:8.3f} {ours / bare:7.2f}   {goal}", flush=True)


def main() -> None:
    bench = Bench()
    print(f"{'seconds, median of ' + str(ROUNDS):<52} {'ours':>8} {'bare':>8} {'ratio':>7}   goal")
    with tempfile.TemporaryDirectory() as place:
        for count, goal in ((1, ""), (100, "ratio 1.1"), (500, "ratio 1.05")):
            _upgrade(bench, Path(place), count, goal)
        if CHKIT.exists():
            for count, goal in ((1, ""), (100, "ratio 1.2")):
                _clickhouse(bench, Path(place), count, goal)
        else:
            print("fresh ClickHouse: not measured, no chkit-py here (make .venv-compare)")
        _no_op(bench, Path(place))
        _thousand(bench, Path(place))


def _upgrade(bench: Bench, place: Path, count: int, goal: str) -> None:
    """One revision says what the start costs; the rest is what each revision does."""
    folders = {
        bare: project.write(place / f"{count}{bare}", postgres=count, clickhouse=1, bare=bare)
        for bare in (False, True)
    }

    def run(bare: bool) -> float:
        bench.fresh()
        return bench.seconds((*ALEMBIC, "upgrade", "head"), folders[bare])

    ours, bare = medians(lambda: run(False), lambda: run(True))
    row(f"fresh PostgreSQL through {count} revisions", ours, bare, goal)


def _clickhouse(bench: Bench, place: Path, count: int, goal: str) -> None:
    """One CREATE a revision, beside a tool with neither lock nor a line for each statement."""
    wrote = {
        "op.execute": project.write(place / f"ch{count}", postgres=1, clickhouse=count, bare=False),
        "op.create_object": project.objects(place / f"objects{count}", count),
    }
    port = urlsplit(bench.http).port
    theirs = project.chkit(place / f"chkit{count}", count, port=port, database=DATABASE)

    def run(command: tuple[str, ...], folder: Path) -> float:
        bench.fresh()
        return bench.seconds(command, folder)

    upgrade = (*ALEMBIC, "-n", "clickhouse", "upgrade", "head")
    *ours, bare = medians(
        *(lambda folder=folder: run(upgrade, folder) for folder in wrote.values()),  # type: ignore[misc]
        lambda: run((str(CHKIT), "migrate", "--apply"), theirs),
    )
    for name, seconds in zip(wrote, ours, strict=True):
        row(f"fresh ClickHouse, {count} {name} (chkit-py)", seconds, bare, goal)


def _no_op(bench: Bench, place: Path) -> None:
    """Each with databases of its own making: their version tables differ."""
    measured = {}
    for bare in (False, True):
        bench.fresh()
        folder = project.write(place / f"no{bare}", postgres=20, clickhouse=20, bare=bare)
        commands = [(*ALEMBIC, "-n", section, "upgrade", "head") for section in NO_OP]
        for command in commands:
            bench.seconds(command, folder)
        measured[bare] = statistics.median(
            sum(bench.seconds(command, folder) for command in commands) for _ in range(ROUNDS)
        )
    row("no-op upgrade of both stores", measured[False], measured[True], "")


def _thousand(bench: Bench, place: Path) -> None:
    bench.fresh()
    folder = project.write(place / "thousand", postgres=500, clickhouse=500, bare=False)
    for section in NO_OP:
        bench.seconds((*ALEMBIC, "-n", section, "upgrade", "0001"), folder)

    def bare() -> float:
        return bench.seconds((*ALEMBIC, "current"), folder)

    for command, goal in (("status", "0.3 s"), ("history", "0.15 s"), ("--help", "0.15 s")):
        ours, theirs = medians(lambda c=command: bench.seconds((*OURS, c), folder), bare)  # type: ignore[misc]
        row(f"analytics {command}, 1,000 revisions (alembic current)", ours, theirs, goal)


if __name__ == "__main__":
    main()
