"""Commands, a look and a kill: the tests' ways to a stack from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil

from analytics.local import processes, stack

COMMAND = (sys.executable, "-c", "from analytics.cli import main; main()", "local")


def local(
    *arguments: str, become: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `analytics local ...` as a user would, with its output in pipes."""
    return subprocess.run(
        [*become, *COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
        check=False,
    )


def ports_now() -> dict[str, tuple[int, ...]]:
    return {each.name: each.ports for each in stack.status()}


def pids() -> dict[str, int | None]:
    return {each.name: each.pid for each in stack.status()}


def kill(*names: str) -> None:
    found = [psutil.Process(pids()[name]) for name in names]
    processes.end([(process, signal.SIGKILL) for process in found], timeout=10)
