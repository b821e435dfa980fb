"""Orders to a connector: restart, pause, resume, stop; those that start it wait for its health."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from analytics.directive import Resources
from analytics.errors import TargetError
from analytics.kafka import connect as worker
from analytics.kafka import connector as kafka
from analytics.kafka import health
from analytics.kafka.connect import Config, Connect
from analytics.operations.gate import canary, continuity
from analytics.operations.gate.canary import Canary
from analytics.release import connectors
from analytics.release.histories import of_connectors
from analytics.settings import Settings

STATES = {"pause": "PAUSED", "stop": "STOPPED"}


def give(settings: Settings, order: str, name: str) -> str:
    """Give an order and wait until it is carried out; what stands then, in words.

    After restart and resume it must pass the gate of op.register_connector, canaries included.
    TargetError if there is no such connector; NotHealthy, Refused, ConnectRefused, Unreachable.
    """
    resources, connect = of_connectors(settings).resources, worker.of(settings)
    config = kafka.config_of(connect, name)
    if config is None:
        raise TargetError(f"there is no connector {name}", "`analytics connectors` lists them")
    if order in STATES:
        connect.put(f"/connectors/{name}/{order}")
        _await(connect, name, STATES[order], settings.connector_timeout)
        return f"connector {name} is {STATES[order]}: ingest stands until it is resumed"
    canaries = _canaries(resources, config)
    _start(resources, connect, config, canaries, restart=order == "restart")
    arrived = "".join(f"; a row has come to {each.topic}" for each in canaries)
    return f"connector {name} runs, reads its slot and moves on{arrived}"


def _start(
    resources: Resources, connect: Connect, config: Config, canaries: list[Canary], *, restart: bool
) -> None:
    """Start it and wait at its gate; of one that has stopped, a former task may still read."""
    name, url = config["name"], resources.settings.postgres_sqlalchemy_url
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        continuity.check(connection, connect, config)
        with canary.flying(resources, connection, config, canaries) as gate:
            current = health.status(connect, name)
            gate.begins(restart or bool(current and current.has_stopped))
            if restart:
                connect.post(f"/connectors/{name}/restart?includeTasks=true")
            kafka.run(connect, name, replace(gate, begins=lambda _: None), is_new=False)


def _canaries(resources: Resources, config: Config) -> list[Canary]:
    """Those of the definition that the connector has, else of the newest one of its name."""
    named = [each for each in connectors.defined(resources) if each[2]["name"] == config["name"]]
    if not named:
        return []
    equal = (each for each in named if each[2] == config)
    stem, version, _ = next(equal, named[-1])
    return canary.read(resources, stem, version)


def _await(connect: Connect, name: str, state: str, timeout: float) -> None:
    def is_there() -> bool:
        current = health.status(connect, name)
        return current is not None and current.state == state

    health.wait_until(is_there, f"connector {name} is not {state}", timeout=timeout)
