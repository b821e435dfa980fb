"""A process is started apart, known again by more than its pid, and ended for certain."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from analytics.local import processes
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from analytics.local.records import Record
from analytics.local.service import Launch, Service

SLEEP = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True);"
    "time.sleep(600)",
)


@pytest.fixture
def started(layout: Layout) -> Iterator[list[psutil.Process]]:
    """Processes that end with the test."""
    mine: list[psutil.Process] = []
    yield mine
    processes.end([(process, signal.SIGKILL) for process in mine], timeout=10)


def spawn(layout: Layout, argv: tuple[str, ...], started: list[psutil.Process]) -> psutil.Process:
    process = processes.spawn(Launch(argv, Path(), ""), layout, layout.log("x"))
    started.append(process)
    return process


def record(process: psutil.Process) -> Record:
    return Record(process.pid, process.create_time(), (1,), "", log_start=0)


def test_a_spawned_process_is_known_by_its_record(layout, started) -> None:
    process = spawn(layout, SLEEP, started)

    assert processes.known(record(process)) == process


def test_a_spawned_process_has_a_session_of_its_own(layout, started) -> None:
    process = spawn(layout, SLEEP, started)

    assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_a_later_process_with_the_same_pid_is_a_stranger(layout, started) -> None:
    old = record(spawn(layout, SLEEP, started))

    assert processes.known(replace(old, created=old.created - 60)) is None


def test_a_dead_process_is_not_known(layout, started) -> None:
    process = spawn(layout, SLEEP, started)
    process.kill()

    processes.end([(process, signal.SIGTERM)], timeout=10)

    assert processes.known(record(process)) is None


def test_a_child_that_died_is_no_zombie_to_us(layout, started) -> None:
    process = spawn(layout, (sys.executable, "-c", ""), started)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not processes.runs(process)


def test_nothing_is_known_without_a_record() -> None:
    assert processes.known(None) is None


def test_a_process_without_a_record_is_found_by_its_arguments(layout, started) -> None:
    mark = str(layout.data("x"))
    process = spawn(layout, (*SLEEP, "--path", mark), started)

    assert processes.stray(layout, _service("--path", mark)) == process
    assert processes.stray(layout, _service("--path", f"{mark}2")) is None


def test_who_ends_when_asked_is_not_killed(layout, started) -> None:
    process = spawn(layout, SLEEP, started)

    assert processes.end([(process, signal.SIGTERM)], timeout=10) == []


def test_who_does_not_end_when_asked_is_killed(layout, started) -> None:
    process = spawn(layout, STUBBORN, started)
    while not layout.log("x").read_text():
        assert processes.runs(process)

    assert processes.end([(process, signal.SIGTERM)], timeout=0.1) == [process]
    assert not processes.runs(process)


def test_a_missing_program_is_named(layout) -> None:
    with pytest.raises(LocalStackError, match="/nowhere/java is not there"):
        processes.spawn(Launch(("/nowhere/java",), Path(), ""), layout, layout.log("x"))


def _service(*marks: str) -> Service:
    return Service(
        name="x",
        ports=(1,),
        launch=lambda layout, ports: Launch(SLEEP, Path(), ""),
        marks=lambda layout: marks,
        check=lambda ports: None,
        endpoint=lambda ports: {},
    )
