"""Connectors: register or change one until it works, and remove one with all that it has left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from analytics.errors import ConnectRefused, DefinitionError, NotHealthy
from analytics.kafka import health
from analytics.kafka.connect import Connect

Config = dict[str, str]
REQUIRED = ("name", "slot.name", "publication.name")


def parse(name: str, text: str) -> Config:
    """A definition's (filled) JSON as Connect takes it; DefinitionError if it is not a flat map."""
    config = _json(name, text)
    missing = [key for key in REQUIRED if key not in config]
    if missing:
        raise DefinitionError(
            f"the definition of connector {name} has no {', '.join(missing)}", "add it to its file"
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
    config is not sent again, because Connect would restart the connector. `timeout` is in seconds.
    A config that Connect does not accept is undone, too, and raises ConnectRefused.
    """
    before = config_of(connect, name)
    try:
        if before is None:
            _create_stopped(connect, name, config, timeout=timeout)
        elif before != config | {"name": name}:
            _change_stopped(connect, name, config, timeout=timeout)
        connect.put(f"/connectors/{name}/resume")
        health.wait_until_it_streams(connect, name, streams=streams, timeout=timeout)
    except (ConnectRefused, NotHealthy):
        _undo(connect, name, before, timeout=timeout)
        raise


def remove(connect: Connect, name: str, *, timeout: float) -> None:
    """Stop and delete a connector with its offsets; slot and publication stay. Idempotent.

    NotHealthy if it has not stopped, or is not gone, after `timeout` seconds.
    """
    if connect.get(f"/connectors/{name}") is None:
        return
    _stop(connect, name, timeout=timeout)
    connect.delete(f"/connectors/{name}/offsets")
    connect.delete(f"/connectors/{name}")
    health.wait_until(
        lambda: config_of(connect, name) is None,
        f"connector {name} is still there",
        timeout=timeout,
    )


def config_of(connect: Connect, name: str) -> Config | None:
    """The config that Connect holds, its placeholders not filled; None without the connector.

    Raises as `Connect` does.
    """
    config: Config | None = connect.get(f"/connectors/{name}/config")
    return config


def _json(name: str, text: str) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except ValueError as error:
        raise DefinitionError(
            f"the definition of connector {name} is no JSON", f"correct its file: {error}"
        ) from None
    if not isinstance(config, dict) or not config.get("connector.class"):
        raise DefinitionError(
            f"the definition of connector {name} has no connector.class",
            'write one flat object: {"connector.class": "...", ...}',
        )
    return config


def _create_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Create it without the offsets of an earlier one of its name: the slot knows the position."""
    connect.post("/connectors", {"name": name, "config": config, "initial_state": "STOPPED"})
    _await_stop(connect, name, f"connector {name} is not there", timeout=timeout)
    connect.delete(f"/connectors/{name}/offsets")


def _change_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Change it while nothing of it runs: else its old task would be taken for the new one."""
    _stop(connect, name, timeout=timeout)
    connect.put(f"/connectors/{name}/config", config)


def _stop(connect: Connect, name: str, *, timeout: float) -> None:
    connect.put(f"/connectors/{name}/stop")
    _await_stop(connect, name, f"connector {name} runs on", timeout=timeout)


def _await_stop(connect: Connect, name: str, otherwise: str, *, timeout: float) -> None:
    def has_stopped() -> bool:
        current = health.status(connect, name)
        return current is not None and current.has_stopped

    health.wait_until(has_stopped, otherwise, timeout=timeout)


def _undo(connect: Connect, name: str, before: Config | None, *, timeout: float) -> None:
    if before is None:
        remove(connect, name, timeout=timeout)
    else:
        _change_stopped(connect, name, before, timeout=timeout)
        connect.put(f"/connectors/{name}/resume")
