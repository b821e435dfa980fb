"""Processes of the stack: started apart from the caller, known again later, and ended."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from analytics.local import records
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from analytics.local.records import Record
from analytics.local.service import Launch, Service

try:
    import psutil
except ModuleNotFoundError as error:
    raise LocalStackError(
        "the local stack is not installed", "pip install 'pipeline-revisions[local]'"
    ) from error

Process = psutil.Process
AccessDenied = psutil.AccessDenied

CLOCK_SLACK = 2.0  # seconds: the boot time that creation times count from is corrected by NTP
KILL_TIMEOUT = 10.0  # seconds until a killed process must be gone
PAUSE = 0.02  # seconds between two looks at processes that end
GONE = (psutil.NoSuchProcess, AccessDenied)


def spawn(launch: Launch, layout: Layout, log: Path) -> Process:
    """Start a process that outlives us: own session, no terminal, output into its log."""
    try:
        with log.open("ab") as output:
            child = subprocess.Popen(
                launch.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=layout.root,
                env=os.environ | dict(launch.environment),
                start_new_session=True,
            )
    except FileNotFoundError as error:
        raise LocalStackError(f"{error.filename} is not there", "install it") from error
    child.returncode = 0  # it outlives us on purpose: do not warn that it still runs
    return Process(child.pid)


def known(record: Record | None) -> Process | None:
    """The process of a record if it still runs; not a later one with the same pid."""
    if record is None:
        return None
    with suppress(*GONE):
        process = Process(record.pid)
        if abs(process.create_time() - record.created) < CLOCK_SLACK and runs(process):
            return process
    return None


def recorded(layout: Layout, service: str) -> Record | None:
    """The record of a service, if its process runs."""
    record = records.read(layout, service)
    return record if known(record) else None


def runs(process: Process) -> bool:
    """Whether it is alive: a dead child of ours is reaped, somebody else's zombie is dead."""
    with suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    with suppress(*GONE):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def stray(layout: Layout, service: Service) -> Process | None:
    """A process of this folder that no record tells of, by its arguments."""
    marks = set(service.marks(layout))
    for process in psutil.process_iter(["cmdline"]):
        if marks.issubset(process.info["cmdline"] or ()) and runs(process):
            return process
    return None


def within(folder: Path, name: str) -> list[Process]:
    """Processes of that name whose working directory is `folder`."""
    return [each for each in psutil.process_iter(["name"]) if _works_in(each, folder, name)]


def _works_in(process: Process, folder: Path, name: str) -> bool:
    with suppress(*GONE):
        return process.info["name"] == name and Path(process.cwd()) == folder
    return False


def end(processes: Iterable[tuple[Process, int]], timeout: float) -> list[Process]:
    """Signal all, wait, kill who stays; returns those that had to be killed."""
    stubborn = left_after(timeout, _signalled(processes))
    for process in stubborn:
        with suppress(*GONE):
            process.kill()
    if left := left_after(KILL_TIMEOUT, stubborn):
        raise LocalStackError(f"process {left[0].pid} cannot be killed", "look at it with ps")
    return stubborn


def left_after(timeout: float, processes: Iterable[Process]) -> list[Process]:
    """Wait until all have ended; those that still run at the time-out."""
    deadline = time.monotonic() + timeout
    left = list(processes)
    while (left := [each for each in left if runs(each)]) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return left


def _signalled(processes: Iterable[tuple[Process, int]]) -> Iterator[Process]:
    for process, number in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        yield process


def memory(process: Process) -> int:
    """Resident bytes of a process and its children, what they share counted once."""
    children: list[Process] = []
    with suppress(*GONE):
        children = process.children(recursive=True)
    return _resident(process) + sum(_resident(child, shared=False) for child in children)


def _resident(process: Process, *, shared: bool = True) -> int:
    with suppress(*GONE):
        info = process.memory_info()
        return int(info.rss if shared else info.rss - getattr(info, "shared", 0))
    return 0
