"""Connectors: register or change one until it works, and remove one with all that it has left."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from analytics.errors import DefinitionError
from analytics.kafka import creation, health
from analytics.kafka.connect import Config, Connect
from analytics.kafka.health import Gate
from analytics.kafka.undoing import AGAIN, standing, undone

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


def put(connect: Connect, name: str, config: Config, gate: Gate) -> None:
    """Register or change a connector and wait until it passes its gate; else undo it.

    RUNNING alone is not health. An equal config is not sent again, because Connect would restart
    the connector. Whatever ends this is undone, an interruption, too, and the error says what
    stands then: NotHealthy, ConnectRefused, Unreachable, or what the gate raises.
    """
    before = config_of(connect, name)
    is_new = before != config | {"name": name}
    with undone(lambda: _undo(connect, name, before, gate)):
        if before is None:
            creation.create_stopped(connect, name, config, timeout=gate.timeout)
        elif is_new:
            change_stopped(connect, name, config, timeout=gate.timeout)
        run(connect, name, gate, is_new=is_new)


def remove(connect: Connect, name: str, *, timeout: float) -> None:
    """Stop and delete a connector with its offsets; slot and publication stay. Idempotent.

    NotHealthy if it has not stopped, or is not gone, after `timeout` seconds.
    """
    if connect.get(f"/connectors/{name}") is None:
        return
    stop(connect, name, timeout=timeout)
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


def change_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Change it while nothing of it runs: else its old task would be taken for the new one."""
    stop(connect, name, timeout=timeout)
    connect.put(f"/connectors/{name}/config", config)


def stop(connect: Connect, name: str, *, timeout: float) -> None:
    """Stop it and wait until nothing of it runs; NotHealthy if it does after `timeout` seconds."""
    connect.put(f"/connectors/{name}/stop")
    health.await_stop(connect, name, f"connector {name} runs on", timeout=timeout)


def run(connect: Connect, name: str, gate: Gate, *, is_new: bool) -> None:
    """Start a connector and wait until it passes its gate; NotHealthy if it does not."""
    gate.begins(is_new)
    connect.put(f"/connectors/{name}/resume")
    health.wait_until_it_streams(connect, name, gate)


def _undo(connect: Connect, name: str, before: Config | None, gate: Gate) -> str:
    """Put a connector back as it was, and start it in any case; what stands then."""
    try:
        if before is None:
            remove(connect, name, timeout=gate.timeout)
            return f"connector {name} was removed again"
        is_new = config_of(connect, name) != before
        if is_new:
            change_stopped(connect, name, before, timeout=gate.timeout)
    except Exception as error:
        with suppress(Exception):
            connect.put(f"/connectors/{name}/resume")
        return f"connector {name} could not be put back ({error}); {standing(connect, name)}"
    try:
        again = replace(gate, timeout=min(gate.timeout, AGAIN), arrives=str)
        run(connect, name, again, is_new=is_new)
    except Exception as error:
        with suppress(Exception):
            connect.put(f"/connectors/{name}/resume")
        return f"it was put back, and does not work ({error}); {standing(connect, name)}"
    return f"connector {name} was put back and runs again"
