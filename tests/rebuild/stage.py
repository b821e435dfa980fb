"""Stages: databases with a chain, one of them fed from a real topic, and how a test rebuilds it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from kafka.admin import NewTopic
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from analytics.clickhouse import label
from analytics.clickhouse.definition import Definition, parse
from analytics.kafka import topics
from analytics.rebuild import machine, record
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from analytics.rebuild.server import Server
from analytics.settings.brokers import Brokers
from analytics.watch import Watch
from tests.rebuild.chain import CHAIN, DEFINITIONS

PARTITIONS = 4
WRITTEN = {"analytics_rebuilds", "analytics_journal", "alembic_version", "alembic_version_log"}


@dataclass
class Stage:
    """One database with its chain, and its topic if it has one."""

    url: str  # of the server, without a database
    database: str
    topic: str
    brokers: str = ""
    definitions: dict[str, list[str]] = field(default_factory=lambda: DEFINITIONS)
    said: list[str] = field(default_factory=list)

    def server(self) -> Server:
        """A connection of its own."""
        engine = create_engine(f"{self.url}/{self.database}", poolclass=NullPool)
        connection = engine.raw_connection().dbapi_connection
        return Server(connection, self.database, Watch(self.said.append), lambda: None)

    def text(self, name: str, version: int) -> str:
        """A definition as it is in its file."""
        text = self.definitions[name][version - 1]
        return text.replace("{brokers}", self.brokers).replace("{topic}", self.topic)

    def read(self, name: str, version: int) -> tuple[Definition, str]:
        """A definition, and the label that its object carries."""
        text = self.text(name, version)
        return parse(name, text), label.of(name, version, text)

    def define(self, name: str, *versions: str) -> None:
        """Give an object of the test's own its versions, and make the first."""
        self.definitions[name] = list(versions)
        self.create(name)

    def create(self, *objects: str) -> None:
        """Make objects at their first version."""
        there = self.server()
        for name in objects:
            definition, label = self.read(name, 1)
            there.send(definition.create(label))

    def rebuild(self, goal: Goal, **options: Any) -> None:
        """Rebuild in this process."""
        machine.run(self.server(), goal, self.read, Options(**options))

    def ask(self, query: str) -> list[list[Any]]:
        """The rows of a query."""
        return self.server().ask(query)

    def objects(self) -> set[str]:
        """The objects of the database, without those in which migrations keep their records."""
        rows = self.ask("SELECT name FROM system.tables WHERE database = currentDatabase()")
        return {str(name) for (name,) in rows} - WRITTEN

    def pauses(self) -> list[tuple[bool, float]]:
        """Each pause of ingest in seconds, and whether it was that of a way back."""
        return [
            (not each.has(State.SNAPSHOT), float(json.loads(line.detail)["pause"]))
            for each in record.all_of(self.server())
            for line in each.lines
            if line.detail and "pause" in json.loads(line.detail)
        ]


@contextmanager
def fed(url: str, brokers: str) -> Iterator[Stage]:
    """A stage that reads a topic of its own."""
    stage = _named(url, brokers)
    with topics.admin(Brokers(brokers)) as client:
        client.create_topics([NewTopic(stage.topic, PARTITIONS, 1)])
        try:
            with _database(stage):
                stage.create("landing", *CHAIN, "queue", "valve", "valve_mv", "landing_mv")
                yield stage
                stage.ask("DROP VIEW IF EXISTS landing_mv")
                stage.ask("DROP TABLE IF EXISTS queue")
        finally:
            client.delete_topics([stage.topic])


@contextmanager
def unfed(url: str) -> Iterator[Stage]:
    """A stage without Kafka: rows are inserted into `events`."""
    stage = _named(url)
    with _database(stage):
        stage.create(*(name for name in CHAIN if name != "events_mv"))
        yield stage


@contextmanager
def blank(url: str) -> Iterator[Stage]:
    """A stage without any object or definition: the test brings its own."""
    stage = replace(_named(url), definitions={})
    with _database(stage):
        yield stage


def _named(url: str, brokers: str = "") -> Stage:
    name = f"rebuild_{secrets.token_hex(4)}"
    return Stage(url, name, name, brokers)


@contextmanager
def _database(stage: Stage) -> Iterator[None]:
    default = replace(stage, database="default").server()
    default.send(f"CREATE DATABASE {stage.database} ENGINE = Atomic")
    try:
        yield
    finally:
        default.send(f"DROP DATABASE {stage.database}")
