"""A chain of three levels fed from a real topic, and how a test rebuilds it.

topic -> queue -> landing -> events -> hourly -> daily
                                 \\-> people
"""

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
from analytics.watch import Watch

PARTITIONS = 4
SELECT_HOURLY = """SELECT
    kind,
    toStartOfHour(at) AS hour,
    count()               AS messages,
    sum(value)            AS total,
    uniqExactState(person) AS people{more}
FROM events
WHERE {where}
GROUP BY
    kind,
    hour"""

HOURLY = """CREATE TABLE hourly
(
    kind     UInt8,
    hour     DateTime('UTC'),
    messages UInt64,
    total    Int64,
    people   AggregateFunction(uniqExact, UInt32){more}
)
ENGINE = SummingMergeTree
ORDER BY (kind, hour)"""

DAILY = """CREATE TABLE daily
(
    kind     UInt8,
    day      Date,
    messages UInt64,
    total    Int64,
    people   AggregateFunction(uniqExact, UInt32){more}
)
ENGINE = SummingMergeTree
ORDER BY (kind, day)"""

DAILY_MV = """CREATE MATERIALIZED VIEW daily_mv TO daily AS
SELECT
    kind,
    toDate(hour)                AS day,
    sum(messages)               AS messages,
    sum(total)                  AS total,
    uniqExactMergeState(people) AS people{more}
FROM hourly
GROUP BY
    kind,
    day"""

EVENTS_MV = """CREATE MATERIALIZED VIEW events_mv TO events AS
SELECT
    JSONExtractUInt(message, 'id')               AS id,
    toUInt8(JSONExtractUInt(message, 'kind'))    AS kind,
    toUInt32(JSONExtractUInt(message, 'person')) AS person,
    JSONExtractInt(message, 'value'){factor} AS value,
    toDateTime(JSONExtractUInt(message, 'at'), 'UTC') AS at,
    JSONExtractBool(message, 'bot')    AS bot
FROM landing"""

DEFINITIONS: dict[str, list[str]] = {
    "queue": [
        "CREATE TABLE queue (message String) ENGINE = Kafka SETTINGS "
        "kafka_broker_list = '{brokers}', kafka_topic_list = '{topic}', "
        "kafka_group_name = '{topic}', kafka_format = 'RawBLOB', kafka_num_consumers = 1, "
        "kafka_flush_interval_ms = 200, kafka_poll_timeout_ms = 200{more}".replace("{more}", more)
        for more in ("", ", kafka_max_block_size = 65536")
    ],
    "valve": ["CREATE TABLE valve (message String) ENGINE = Null"],
    "valve_mv": ["CREATE MATERIALIZED VIEW valve_mv TO valve AS SELECT message FROM queue"],
    "landing": [
        "CREATE TABLE landing (message String, partition UInt64, offset UInt64) "
        "ENGINE = MergeTree ORDER BY (partition, offset)"
    ],
    "landing_mv": [
        "CREATE MATERIALIZED VIEW landing_mv TO landing AS "
        "SELECT message, _partition AS partition, _offset AS offset FROM queue"
    ],
    "events": [
        "CREATE TABLE events (id UInt64, kind UInt8, person UInt32, value Int64, "
        "at DateTime('UTC'), bot Bool, half Int64 MATERIALIZED intDiv(value, 2)) "
        "ENGINE = MergeTree PARTITION BY kind % 3 ORDER BY (kind, id)"
    ],
    "events_mv": [EVENTS_MV.replace("{factor}", factor) for factor in ("", " * 2")],
    "people": [
        "CREATE TABLE people (person UInt32, messages UInt64) "
        "ENGINE = SummingMergeTree ORDER BY person"
    ],
    "people_mv": [
        "CREATE MATERIALIZED VIEW people_mv TO people AS "
        "SELECT person, count() AS messages FROM events GROUP BY person"
    ],
    "hourly": [
        HOURLY.replace("{more}", more)
        for more in ("", ",\n    largest  SimpleAggregateFunction(max, Int64)")
    ],
    "hourly_mv": [
        "CREATE MATERIALIZED VIEW hourly_mv TO hourly AS\n"
        + SELECT_HOURLY.replace("{more}", more).replace("{where}", where)
        for more, where in (("", "true"), (",\n    max(half) AS largest", "NOT bot OR kind = 1"))
    ],
    "daily": [
        DAILY.replace("{more}", more)
        for more in ("", ",\n    largest  SimpleAggregateFunction(max, Int64)")
    ],
    "daily_mv": [
        DAILY_MV.replace("{more}", more) for more in ("", ",\n    max(largest) AS largest")
    ],
}
"""Definition -> its versions."""

WRITTEN = {"analytics_rebuilds", "analytics_journal", "alembic_version", "alembic_version_log"}
WITH_KAFKA = ("queue", "valve", "valve_mv", "landing", "landing_mv")
CHAIN = ("events", "events_mv", "people", "people_mv", "hourly", "hourly_mv", "daily", "daily_mv")
GOALS = {
    "hourly": Goal("hourly_mv", {"hourly_mv": 2, "hourly": 2}),
    "both": Goal("hourly_mv", {"hourly_mv": 2, "hourly": 2, "daily": 2, "daily_mv": 2}),
    "events": Goal("events_mv", {"events_mv": 2}),
}


def back(goal: Goal) -> Goal:
    """The way back from a goal."""
    return replace(goal, versions=dict.fromkeys(goal.versions, 1))


@dataclass
class Stage:
    """One database with its chain, and its topic if it has one."""

    url: str  # of the server, without a database
    database: str
    topic: str
    brokers: str = ""
    said: list[str] = field(default_factory=list)

    def server(self) -> Server:
        """A connection of its own."""
        engine = create_engine(f"{self.url}/{self.database}", poolclass=NullPool)
        connection = engine.raw_connection().dbapi_connection
        return Server(connection, self.database, Watch(self.said.append), lambda: None)

    def text(self, name: str, version: int) -> str:
        """A definition as it is in its file."""
        text = DEFINITIONS[name][version - 1]
        return text.replace("{brokers}", self.brokers).replace("{topic}", self.topic)

    def read(self, name: str, version: int) -> tuple[Definition, str]:
        """A definition, and the label that its object carries."""
        text = self.text(name, version)
        return parse(name, text), label.of(name, version, text)

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
        """What there is, without what migrations write down."""
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
    with topics.admin(brokers) as client:
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
