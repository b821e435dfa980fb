"""An embedded ClickHouse of the bench's own, and one database of it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

START = 60.0
"""Seconds until a server answers."""
QUIET = 300.0
"""Seconds until its merges are done."""


@dataclass(frozen=True)
class Server:
    """A running server; statements run in `database`."""

    port: int
    database: str

    def run(self, statement: str, **parameters: object) -> requests.Response:
        """Run a statement, or end the bench with what the server says against it."""
        response = requests.post(
            f"http://127.0.0.1:{self.port}/",
            params={"database": self.database}
            | {f"param_{name}": str(value) for name, value in parameters.items()},
            data=statement.encode(),
        )
        if not response.ok:
            sys.exit(f"{self.database}: {response.text.strip()}\n{statement}")
        return response

    def rows(self, query: str) -> list[list[str]]:
        return [line.split("\t") for line in self.run(query).text.splitlines()]

    def timed(self, statement: str) -> tuple[float, int]:
        """Seconds, and the bytes that it read."""
        start = time.perf_counter()
        response = self.run(statement)
        seconds = time.perf_counter() - start
        return seconds, int(json.loads(response.headers["X-ClickHouse-Summary"])["read_bytes"])

    def settle(self) -> None:
        """Wait until the merges that an INSERT leaves behind are done."""
        end = time.monotonic() + QUIET
        while self.rows("SELECT count() FROM system.merges") != [["0"]]:
            if time.monotonic() > end:
                sys.exit(f"{self.database}: merges still run after {QUIET:.0f} s")
            time.sleep(0.5)


@contextmanager
def started(folder: Path, database: str) -> Iterator[Server]:
    """A server over a folder, with an empty database; ended at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "analytics.local.embedded"]
    process = subprocess.Popen([*command, "--path", str(folder), "--port", str(port)])
    try:
        _await(process, port)
        Server(port, "default").run(f"CREATE DATABASE {database} ENGINE = Atomic")
        yield Server(port, database)
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit("the embedded ClickHouse does not start: see above for what it says")
