"""The creation of a connector, STOPPED: also when the answer to it was lost."""

from __future__ import annotations

import time

from analytics.errors import ConnectRefused, Unreachable
from analytics.kafka import connect as client
from analytics.kafka import health
from analytics.kafka.connect import Config, Connect

CONFLICT = 409
PAUSE = 0.5  # seconds between two attempts while the worker rebalances


def create_stopped(connect: Connect, name: str, config: Config, *, timeout: float) -> None:
    """Create it without the offsets of an earlier one of its name: the slot knows the position."""
    _create(connect, name, config)
    health.await_stop(connect, name, f"connector {name} is not there", timeout=timeout)
    connect.delete(f"/connectors/{name}/offsets")


def _create(connect: Connect, name: str, config: Config) -> None:
    """Send it until it is there: 409 is a rebalance, or an earlier request that was answered badly.

    Raises as `Connect` does, if it is not there as it was sent.
    """
    body = {"name": name, "config": config, "initial_state": "STOPPED"}
    until = time.monotonic() + client.PATIENCE
    while True:
        try:
            connect.post("/connectors", body)
            return
        except (ConnectRefused, Unreachable) as error:
            existing = connect.get(f"/connectors/{name}/config")
            if existing == config | {"name": name}:
                return
            is_rebalance = getattr(error, "status", 0) == CONFLICT and existing is None
            if not is_rebalance or time.monotonic() > until:
                raise
            time.sleep(PAUSE)
