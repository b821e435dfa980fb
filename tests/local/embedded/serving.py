"""A server in a process of its own, and what tests say to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

START = 30.0
"""Seconds until a server has answered, or the test fails."""


@dataclass(frozen=True)
class Serving:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def send(self, data: Any = b"", headers: Any = None, **params: Any) -> requests.Response:
        """POST; the statement is in `query` or in the body."""
        return requests.post(self.url, params=params, data=data, headers=headers, timeout=60)

    def sql(self, statement: str, **params: Any) -> str:
        """Run a statement that must work; its result as text."""
        response = self.send(statement.encode(), **params)
        assert response.status_code == 200, response.text
        return response.text

    def refused(self, statement: str, **params: Any) -> tuple[int, str]:
        """Run a statement that must fail: its exception code and text."""
        response = self.send(statement.encode(), **params)
        assert response.status_code != 200, response.text
        return int(response.headers["X-ClickHouse-Exception-Code"]), response.text

    def raw(self, data: bytes) -> bytes:
        """Send bytes on a connection of their own, and read until the server closes it."""
        parts = []
        with self.connect() as client, suppress(OSError):  # it may hang up early
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while part := client.recv(1 << 16):
                parts.append(part)
        return b"".join(parts)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(START)


def start(folder: Path, *arguments: str) -> Serving:
    """Start a server on a free port and wait until it answers."""
    port = free_port()
    process = launch(folder, port, *arguments)
    serving = Serving(process, port, folder)
    until(lambda: process.poll() is not None or answers(serving))
    assert process.poll() is None, "the server has ended"
    return serving


def launch(folder: Path, port: int, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a server; it may fail."""
    command = [sys.executable, "-m", "analytics.local.embedded"]
    command += ["--path", str(folder), "--port", str(port), *arguments]
    return subprocess.Popen(command, start_new_session=True, **options)


def answers(serving: Serving) -> bool:
    try:
        return requests.get(f"{serving.url}ping", timeout=5).text == "Ok.\n"
    except (requests.ConnectionError, requests.Timeout):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Any, seconds: float = START) -> None:
    """Wait for something that must come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)
