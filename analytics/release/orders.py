"""Orders to a connector: restart, pause, resume, stop; those that start it wait for its health."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from analytics.errors import TargetError
from analytics.kafka import connect as worker
from analytics.kafka import connector as kafka
from analytics.kafka import health
from analytics.kafka.connect import Connect
from analytics.kafka.health import Gate
from analytics.postgres import reader as readers
from analytics.settings import Settings

STATES = {"pause": "PAUSED", "stop": "STOPPED"}


def give(settings: Settings, order: str, name: str) -> str:
    """Give an order and wait until it is carried out; what stands then, in words.

    TargetError if there is no such connector; NotHealthy, ConnectRefused and Unreachable.
    """
    connect = worker.of(settings)
    config = kafka.config_of(connect, name)
    if config is None:
        raise TargetError(f"there is no connector {name}", "`analytics connectors` lists them")
    if order in STATES:
        connect.put(f"/connectors/{name}/{order}")
        _await(connect, name, STATES[order], settings.connector_timeout)
        return f"connector {name} is {STATES[order]}: ingest stands until it is resumed"
    engine = create_engine(
        settings.postgres_sqlalchemy_url, isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        reader = readers.of(connection, config)
        reader.begin(is_new=order == "restart")
        if order == "restart":
            connect.post(f"/connectors/{name}/restart?includeTasks=true")
        gate = Gate(lambda _: None, reader.streams, settings.connector_timeout)
        kafka.run(connect, name, gate, is_new=False)
    return f"connector {name} runs, reads its slot and moves on"


def _await(connect: Connect, name: str, state: str, timeout: float) -> None:
    def is_there() -> bool:
        current = health.status(connect, name)
        return current is not None and current.state == state

    health.wait_until(is_there, f"connector {name} is not {state}", timeout=timeout)
