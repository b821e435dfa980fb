"""The health of a connector: its state as the worker reports it, and the wait for a state."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analytics import diagnosis
from analytics.errors import NotHealthy
from analytics.kafka.connect import Connect

POLL = 0.1  # seconds between two looks
RESTART_PAUSE = 3.0  # seconds until a failed task is started again


@dataclass(frozen=True)
class Status:
    """The state of a connector, the states of its tasks, and the first stack trace."""

    state: str
    tasks: tuple[str, ...]
    trace: str

    @property
    def runs(self) -> bool:
        """The connector and exactly one task are RUNNING."""
        return self.state == "RUNNING" and self.tasks == ("RUNNING",)

    @property
    def has_stopped(self) -> bool:
        """The connector is STOPPED and has no task any more."""
        return self.state == "STOPPED" and not self.tasks

    @property
    def has_failed(self) -> bool:
        """The connector or a task is FAILED."""
        return "FAILED" in (self.state, *self.tasks)


def status(connect: Connect, name: str) -> Status | None:
    """The worker's report; None while it does not know the connector. Raises as `Connect` does."""
    report: Any = connect.get(f"/connectors/{name}/status")
    if report is None:
        return None
    parts = [report["connector"], *report["tasks"]]
    trace = next((part["trace"] for part in parts if part.get("trace")), "")
    tasks = tuple(task["state"] for task in report["tasks"])
    return Status(report["connector"]["state"], tasks, trace)


@dataclass(frozen=True)
class Gate:
    """What a connector must pass: `begins` is called when it is about to run, with whether it is
    started anew, and `streams`, then `arrives`, return what is missing, empty if nothing is.
    """

    begins: Callable[[bool], None]
    streams: Callable[[], str]
    timeout: float  # seconds
    arrives: Callable[[], str] = str  # asked once it streams


def wait_until_it_streams(connect: Connect, name: str, gate: Gate) -> None:
    """Return when the connector runs and its gate objects to nothing.

    NotHealthy after the gate's time-out, or at once for a trace that no restart cures. Another one
    that has failed is started again every few seconds.
    """
    deadline, restart_at = time.monotonic() + gate.timeout, time.monotonic() + RESTART_PAUSE
    while objection := _objection(current := status(connect, name), gate):
        cause = diagnosis.known(current.trace) if current and current.has_failed else None
        if current and cause and cause.lasts:
            raise NotHealthy(
                f"connector {name} has failed: {cause.meaning} ({_cause(current.trace)})",
                f"{cause.remedy}; then run the same command again",
            )
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"connector {name} does not stream after {gate.timeout:.0f} s: {objection}",
                "fix its definition or what it reads, and run the same command again, or give it "
                "longer with ANALYTICS_CONNECTOR_TIMEOUT (seconds)",
            )
        if current and current.has_failed and time.monotonic() > restart_at:
            connect.post(f"/connectors/{name}/restart?includeTasks=true&onlyFailed=true")
            restart_at = time.monotonic() + RESTART_PAUSE
        time.sleep(POLL)


def await_stop(connect: Connect, name: str, otherwise: str, *, timeout: float) -> None:
    """Return when nothing of a connector runs; NotHealthy with `otherwise` after the time-out."""

    def has_stopped() -> bool:
        current = status(connect, name)
        return current is not None and current.has_stopped

    wait_until(has_stopped, otherwise, timeout=timeout)


def wait_until(condition: Callable[[], bool], otherwise: str, *, timeout: float) -> None:
    """Return when the condition holds; NotHealthy with `otherwise` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"{otherwise} after {timeout:.0f} s",
                "look at the worker's log and run the same command again, or give it longer with "
                "ANALYTICS_CONNECTOR_TIMEOUT (seconds)",
            )
        time.sleep(POLL)


def _objection(current: Status | None, gate: Gate) -> str:
    if current is None:
        return "the worker has not started it"
    if current.runs:
        return gate.streams() or gate.arrives()
    tasks = ", ".join(current.tasks) or "none"
    return ", ".join(filter(None, (current.state, f"tasks {tasks}", _cause(current.trace))))


def _cause(trace: str) -> str:
    causes = [line.strip() for line in trace.splitlines() if "Caused by" in line]
    return causes[-1] if causes else trace.partition("\n")[0]
