"""What a connector must not be registered with: refused before anything of it stops."""

import json

import pytest

from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = pytest.mark.services

UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((ROOT / "migrations/connectors/experiments_v01.json").read_text())
LIST = "table.include.list"
DEFINITIONS = {
    "a role that is not there": ({"database.user": "nobody"}, "there is no role nobody"),
    "another plug-in than the slot's": ({"plugin.name": "decoderbufs"}, "is of plugin pgoutput"),
    "another slot": ({"slot.name": "other"}, "would change slot.name"),
    "another prefix": ({"topic.prefix": "other"}, "would change topic.prefix"),
    "a secret in clear": ({"database.password": "hush"}, "holds a secret"),
    "a class that is not there": ({"key.converter": "none.Such"}, "is not valid: key.converter"),
    "a key that nobody reads": ({"poll.intervall.ms": "5"}, "nothing reads poll.intervall.ms"),
    "a list without a table": ({LIST: "experiments.evnts"}, "matches no table"),
    "a list that leaves one out": (
        {LIST: OURS[LIST].replace("experiments.events,", "")},
        "experiments.events is published, and the connector leaves it out",
    ),
    "a key that its table lacks": (
        {"message.key.columns": "experiments.events:nothing;experiments.outbox:aggregateid"},
        "message.key.columns names nothing, which experiments.events lacks",
    ),
    "a key of no table": (
        {"message.key.columns": "experiments.event:user_id"},
        "message.key.columns names experiments.event, and there is no such table",
    ),
    "a slot that never moves": ({"flush.lsn.source": "false"}, "its slot never moves on"),
    "a schema that is left out": (
        {"schema.exclude.list": "experiments"},
        "matches no table",
    ),
    "transactions without their topic": (
        {"provide.transaction.metadata": "true"},
        "there is no such topic",
    ),
    "a heartbeat without its table": (
        {"heartbeat.action.query": "INSERT INTO nowhere VALUES (1)"},
        'heartbeat.action.query: relation "nowhere" does not exist',
    ),
    "signals that nobody reads": (
        {"signal.data.collection": "experiments.experiments"},
        "signal.data.collection names experiments.experiments",
    ),
}
SOURCES = {
    "a table that is not published": (
        "ALTER PUBLICATION {0}_pub DROP TABLE experiments.events",
        "publication {0}_pub lacks experiments.events",
        "ALTER PUBLICATION {0}_pub ADD TABLE experiments.events",
    ),
    "changes that are not published": (
        "ALTER PUBLICATION {0}_pub SET (publish = 'update, delete')",
        "leaves out INSERT",
        "ALTER PUBLICATION {0}_pub SET (publish = 'insert, update, delete')",
    ),
    "a role that may not read a slot": (
        "ALTER ROLE {0}_debezium NOREPLICATION",
        "role {0}_debezium may not read a slot",
        "ALTER ROLE {0}_debezium REPLICATION",
    ),
    "a role that may not log in": (
        "ALTER ROLE {0}_debezium NOLOGIN CONNECTION LIMIT 1",
        "role {0}_debezium may have 1 connections",
        "ALTER ROLE {0}_debezium LOGIN; ALTER ROLE {0}_debezium CONNECTION LIMIT 4",
    ),
    "a table without a key": (
        "ALTER TABLE experiments.events REPLICA IDENTITY NOTHING",
        "experiments.events has neither primary key nor replica identity",
        "ALTER TABLE experiments.events REPLICA IDENTITY FULL",
    ),
}


@pytest.fixture
def running(databases, alembic):
    """Our pipeline's PostgreSQL half, whose connector runs; and what reads its slot."""
    assert alembic("upgrade", "head").code == 0
    return lambda: reader(databases)


def reader(databases):
    query = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = %s"
    with databases.postgres() as connection:
        (pid,) = connection.execute(query, [f"{databases.name}_slot"]).fetchone()
    return pid


def test_a_definition_is_refused_while_the_connector_runs_on(running, revise):
    before = running()

    for name, (change, said) in DEFINITIONS.items():
        text = json.dumps(OURS | change)
        outcome = revise("postgres", UP, DOWN, connectors__experiments_v01_json=text)(
            "upgrade", "head"
        )
        assert outcome.code != 0
        assert said in outcome.err
        record(test="connector", setup=name, end="refused; the reader runs on")

    assert running() == before is not None


def test_a_source_is_refused_with_the_statement_that_corrects_it(databases, revise, running):
    before = running()
    text = json.dumps(OURS | {"max.batch.size": "4096"})
    run = revise("postgres", UP, "pass", connectors__experiments_v01_json=text)

    for name, (fault, said, remedy) in SOURCES.items():
        with databases.postgres() as connection:
            connection.execute(fault.format(databases.name))
            outcome = run("upgrade", "head")
            assert outcome.code != 0
            assert said.format(databases.name) in outcome.err
            assert remedy.format(databases.name) in outcome.err
            connection.execute(remedy.format(databases.name))
        record(test="connector", setup=name, end="refused; the reader runs on")

    assert running() == before
    assert run("upgrade", "head").code == 0
