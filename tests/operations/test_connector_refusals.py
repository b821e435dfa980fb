"""What a connector must not be registered with: refused before anything of it stops."""

import json

import pytest

from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = pytest.mark.services

UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
FOLDER = ROOT / "migrations/connectors"
OURS = json.loads((FOLDER / "experiments_v01.json").read_text())
CANARY = (FOLDER / "experiments_canary_v01.sql").read_text()
LIST = "table.include.list"
HOIST = "org.apache.kafka.connect.transforms.HoistField$Value"
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
    "a slot that goes with the next stop": ({"slot.drop.on.stop": "true"}, "rows are lost"),
    "failures that are left out": ({"errors.tolerance": "all"}, "left out silently"),
    "failures that Debezium leaves out": (
        {"event.processing.failure.handling.mode": "skip"},
        "left out silently",
    ),
    "a slot that is moved by hand": ({"lsn.flush.mode": "manual"}, "its slot never moves on"),
    "a position that nobody compares": (
        {"internal.log.position.check.enable": "false"},
        "a slot that is ahead loses rows silently",
    ),
    "a snapshot and no more": ({"snapshot.mode": "initial_only"}, "never reads its slot"),
    "a snapshot that is put together": (
        {"snapshot.mode": "configuration_based"},
        "never reads its slot",
    ),
    "a mode that is not there": ({"snapshot.mode": "never"}, "Value must be one of"),
    "another database": ({"database.dbname": "postgres"}, "would change database.dbname"),
    "another name on its slot": ({"name": "${connector}_b"}, "reads slot"),
    "a publication that is not there": (
        {"publication.name": "other"},
        "there is no publication other",
    ),
    "a host that is not there": ({"database.hostname": "nowhere.invalid"}, "database.hostname"),
    "a port at which nobody listens": ({"database.port": "1"}, "start that server, or correct"),
    "TLS that the server lacks": ({"database.sslmode": "require"}, "write database.sslmode as"),
    "a plug-in that the worker lacks": ({"connector.class": "none.Such"}, "has no class none.Such"),
    "a predicate that is misspelt": (
        {"transforms.route.predicat": "none"},
        "nothing reads transforms.route.predicat",
    ),
    "a transform without its field": (
        {"transforms": "route,hoist", "transforms.hoist.type": HOIST},
        "transforms.hoist.field",
    ),
    "another form for its converter": (
        {"value.converter": "org.apache.kafka.connect.storage.StringConverter"},
        "nothing reads value.converter.schemas.enable",
    ),
    "a queue smaller than its batch": ({"max.queue.size": "10"}, "max.queue.size"),
    "signals that nobody reads": (
        {"signal.data.collection": "experiments.experiments"},
        "signal.data.collection names experiments.experiments",
    ),
}
OUTBOX = (
    "ALTER PUBLICATION {0}_pub DROP TABLE experiments.outbox; ALTER PUBLICATION {0}_pub ADD TABLE"
)
OUTBOX += " experiments.outbox"
RAISES = """
CREATE FUNCTION raises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no rows, please'; END $$;
CREATE TRIGGER raises"""
BY_ROW = "ON experiments.outbox {} FOR EACH ROW EXECUTE FUNCTION raises()"
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
    "a role whose password has expired": (
        "ALTER ROLE {0}_debezium VALID UNTIL '2020-01-01'",
        "role {0}_debezium has a password that has expired",
        "ALTER ROLE {0}_debezium VALID UNTIL 'infinity'",
    ),
    "a role without connections": (
        "ALTER ROLE {0}_debezium CONNECTION LIMIT 0",
        "role {0}_debezium may have 0 connections",
        "ALTER ROLE {0}_debezium CONNECTION LIMIT 4",
    ),
    "a role whose sessions are read-only": (
        "ALTER ROLE {0}_debezium SET default_transaction_read_only = on",
        "the sessions of role {0}_debezium are read-only",
        "ALTER ROLE {0}_debezium SET default_transaction_read_only = off",
    ),
    "a heartbeat that its role may not send": (
        "REVOKE INSERT, UPDATE ON experiments.debezium_heartbeat FROM {0}_debezium",
        "sent by {0}_debezium: permission denied for table debezium_heartbeat",
        "GRANT ALL ON TABLE experiments.debezium_heartbeat TO {0}_debezium",
    ),
    "a schema that its role may not use": (
        "REVOKE USAGE ON SCHEMA experiments FROM {0}_debezium",
        "sent by {0}_debezium: permission denied for schema experiments",
        "GRANT USAGE, CREATE ON SCHEMA experiments TO {0}_debezium",
    ),
    "a role that may not enter the database": (
        "REVOKE CONNECT ON DATABASE {0} FROM public, {0}_debezium",
        'permission denied for database "{0}"',
        "GRANT what is named to its role",
        "GRANT CONNECT ON DATABASE {0} TO public",
    ),
    "statements that end at once": (
        "ALTER ROLE {0}_debezium SET statement_timeout = '1ms'",
        "canceling statement due to statement timeout",
        "ALTER ROLE ... SET statement_timeout",
        "ALTER ROLE {0}_debezium RESET statement_timeout",
    ),
    "a filter that only the canary does not pass": (
        f"{OUTBOX} WHERE (type <> 'Canary')",
        "publication {0}_pub filters experiments.outbox",
        "and ADD it without WHERE",
        OUTBOX,
    ),
    "columns that are not published": (
        f"{OUTBOX} (id, type)",
        "publication {0}_pub leaves columns of experiments.outbox out",
        "and ADD it without columns",
        OUTBOX,
    ),
    "a replica identity whose index is gone": (
        "CREATE UNIQUE INDEX named ON experiments.events (id);"
        "ALTER TABLE experiments.events REPLICA IDENTITY USING INDEX named;"
        "DROP INDEX experiments.named",
        "experiments.events has neither primary key nor replica identity",
        "ALTER TABLE experiments.events REPLICA IDENTITY FULL",
    ),
    "a trigger that raises": (
        f"{RAISES} BEFORE INSERT {BY_ROW.format('')}",
        "the canary for topic {0}_events is not taken: no rows, please",
        "correct its SQL",
        "DROP FUNCTION raises() CASCADE",
    ),
    "a trigger that raises at the commit": (
        RAISES.replace("TRIGGER", "CONSTRAINT TRIGGER")
        + f" AFTER INSERT {BY_ROW.format('DEFERRABLE INITIALLY DEFERRED')}",
        "the canary for topic {0}_events is not taken: no rows, please",
        "correct its SQL",
        "DROP FUNCTION raises() CASCADE",
    ),
    "a trigger that leaves the row out": (
        RAISES.replace("RAISE", "RETURN NULL; RAISE") + f" BEFORE INSERT {BY_ROW.format('')}",
        "the canary for topic {0}_events is not taken: it writes no row",
        "correct its SQL",
        "DROP FUNCTION raises() CASCADE",
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
        assert outcome.code != 0, name
        assert said in outcome.err
        record(test="connector", setup=name, end="refused; the reader runs on")

    assert running() == before is not None


def test_a_source_is_refused_with_the_statement_that_corrects_it(databases, revise, running):
    before = running()
    text = json.dumps(OURS | {"max.batch.size": "4096"})
    files = {"connectors__experiments_v01_json": text}
    run = revise("postgres", UP, "pass", **files, connectors__experiments_canary_v01_sql=CANARY)

    for name, (fault, said, remedy, *undo) in SOURCES.items():
        with databases.postgres() as connection:
            connection.execute(fault.format(databases.name))
            outcome = run("upgrade", "head")
            assert outcome.code != 0, name
            assert said.format(databases.name) in outcome.err
            assert remedy.format(databases.name) in outcome.err
            connection.execute((undo or [remedy])[0].format(databases.name))
        record(test="connector", setup=name, end="refused; the reader runs on")

    assert running() == before
    assert run("upgrade", "head").code == 0


def test_a_password_that_was_changed_is_refused_while_the_old_session_reads_on(
    databases, revise, running, stack
):
    before = running()
    text = json.dumps(OURS | {"max.batch.size": "4096"})
    with databases.postgres() as connection:
        connection.execute(f"ALTER ROLE {databases.name}_debezium PASSWORD 'another'")

    outcome = revise("postgres", UP, DOWN, connectors__experiments_v01_json=text)("upgrade", "head")

    assert outcome.code != 0
    assert "correct the password that the worker, or the URL, gives" in outcome.err
    assert running() == before
    record(test="connector", setup="another password", end="refused; the reader runs on")
