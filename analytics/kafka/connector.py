"""Connectors: put one so that it runs, and take one away so that nothing of it is left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analytics.errors import ConnectRefused, DefinitionError, NotHealthy
from analytics.kafka.connect import Connect

Config = dict[str, str]
REQUIRED = ("name", "slot.name", "publication.name")
POLL = 0.1  # seconds between two looks
RESTART_PAUSE = 3.0  # seconds until a failed task is started again


@dataclass(frozen=True)
class Status:
    """What a worker says of a connector: its state, its tasks' states, the first trace."""

    state: str
    tasks: tuple[str, ...]
    trace: str

    @property
    def runs(self) -> bool:
        """The connector and exactly one task are RUNNING."""
        return self.state == "RUNNING" and self.tasks == ("RUNNING",)


def parse(name: str, text: str) -> Config:
    """A definition's (filled) JSON as Connect takes it; DefinitionError if it is not a flat map."""
    try:
        config = json.loads(text)
    except ValueError as error:
        raise DefinitionError(
            f"the definition of connector {name} is no JSON", str(error)
        ) from None
    if not isinstance(config, dict) or not config.get("connector.class"):
        raise DefinitionError(
            f"the definition of connector {name} has no connector.class",
            'write one flat object: {"connector.class": "...", ...}',
        )
    missing = [key for key in REQUIRED if key not in config]
    if missing:
        raise DefinitionError(
            f"the definition of connector {name} has no {', '.join(missing)}", "write it down"
        )
    wrong = [key for key, value in config.items() if not isinstance(value, str)]
    if wrong:
        raise DefinitionError(
            f"connector {name}: {', '.join(wrong)} is no string",
            'Connect takes strings only: write "5000" for 5000',
        )
    return config


def put(
    connect: Connect, name: str, config: Config, *, streams: Callable[[], bool], timeout: float
) -> None:
    """Register or change a connector and wait until it works; else undo, and raise NotHealthy.

    It works when it runs with one task and `streams()`: RUNNING alone is not health. An equal
    config is not sent again, for Connect would restart the connector. `timeout` is in seconds.
    """
    before = config_of(connect, name)
    try:
        if before is None:
            _create_stopped(connect, name, config, timeout=timeout)
        elif before != config | {"name": name}:
            _change_stopped(connect, name, config, timeout=timeout)
        connect.put(f"/connectors/{name}/resume")
        _await_health(connect, name, streams=streams, timeout=timeout)
    except (ConnectRefused, NotHealthy):
        _undo(connect, name, before, timeout=timeout)
        raise


def remove(connect: Connect, name: str, *, timeout: float) -> None:
    """Stop and delete a connector with its offsets; slot and publication stay. Idempotent."""
    if connect.get(f"/connectors/{name}") is None:
        return
    _stop(connect, name, timeout=timeout)
    connect.delete(f"/connectors/{name}/offsets")
    connect.delete(f"/connectors/{name}")
    _await(lambda: config_of(connect, name) is None, f"connector {name} is still there", timeout)


def config_of(connect: Connect, name: str) -> Config | None:
    """The config that Connect holds, placeholders as they were written; None without connector."""
    config: Config | None = connect.get(f"/connectors/{name}/config")
    return config


def status(connect: Connect, name: str) -> Status | None:
    """What the worker says; None while it knows nothing of the connector."""
    said: Any = connect.get(f"/connectors/{name}/status")
    if said is None:
        return None
    parts = [said["connector"], *said["tasks"]]
    trace = next((p["trace"] for p in parts if p.get("trace")), "")
    return Status(said["connector"]["state"], tuple(t["state"] for t in said["tasks"]), trace)


def _create_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Create it without offsets that a former one of its name left: the slot knows the place."""
    connect.post("/connectors", {"name": name, "config": config, "initial_state": "STOPPED"})
    _await(lambda: _has_stopped(connect, name), f"connector {name} is not there", timeout)
    connect.delete(f"/connectors/{name}/offsets")


def _change_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Change it while nothing of it runs: else the task of before is taken for the new one."""
    _stop(connect, name, timeout=timeout)
    connect.put(f"/connectors/{name}/config", config)


def _stop(connect: Connect, name: str, *, timeout: float) -> None:
    connect.put(f"/connectors/{name}/stop")
    _await(lambda: _has_stopped(connect, name), f"connector {name} runs on", timeout)


def _await_health(
    connect: Connect, name: str, *, streams: Callable[[], bool], timeout: float
) -> None:
    deadline, restart_at = time.monotonic() + timeout, time.monotonic() + RESTART_PAUSE
    while True:
        now = status(connect, name)
        if now and now.runs and streams():
            return
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"connector {name} does not stream after {timeout:.0f} s: {_diagnosis(now)}",
                "it was put back as it was; mend its definition or what it reads, and run again",
            )
        if now and "FAILED" in (now.state, *now.tasks) and time.monotonic() > restart_at:
            connect.post(f"/connectors/{name}/restart?includeTasks=true&onlyFailed=true")
            restart_at = time.monotonic() + RESTART_PAUSE
        time.sleep(POLL)


def _undo(connect: Connect, name: str, before: Config | None, *, timeout: float) -> None:
    if before is None:
        remove(connect, name, timeout=timeout)
    else:
        _change_stopped(connect, name, before, timeout=timeout)
        connect.put(f"/connectors/{name}/resume")


def _has_stopped(connect: Connect, name: str) -> bool:
    now = status(connect, name)
    return now is not None and now.state == "STOPPED" and not now.tasks


def _await(condition: Callable[[], bool], otherwise: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise NotHealthy(
                f"{otherwise} after {timeout:.0f} s", "look at the worker's log and run again"
            )
        time.sleep(POLL)


def _diagnosis(now: Status | None) -> str:
    if now is None:
        return "the worker has not started it"
    causes = [line.strip() for line in now.trace.splitlines() if "Caused by" in line]
    said = causes[-1] if causes else now.trace.partition("\n")[0]
    tasks = ", ".join(now.tasks) or "none"
    return f"{now.state}, tasks {tasks}" + (f", {said}" if said else ", its slot is not being read")
