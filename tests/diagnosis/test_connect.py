"""Errors of Connect and Debezium, provoked by definitions that cannot work."""

import json
import time
import uuid

import pytest

from analytics import diagnosis
from analytics.errors import ConnectRefused
from analytics.kafka import health
from analytics.kafka.connect import Connect
from analytics.placeholders import placeholders
from analytics.settings import load
from tests.conftest import ROOT

pytestmark = [pytest.mark.services, pytest.mark.slow]

OURS = (ROOT / "migrations/connectors/experiments_v01.json").read_text()
OUTBOX = "io.debezium.transforms.outbox.EventRouter"
ONLY_OUTBOX = {
    "predicates": "outbox",
    "predicates.outbox.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    "predicates.outbox.pattern": ".*outbox",
    "transforms.x.predicate": "outbox",
}
ROUTED = ONLY_OUTBOX | {
    "transforms": "x",
    "transforms.x.type": OUTBOX,
    "transforms.x.route.by.field": "type",
    "transforms.x.route.topic.replacement": "${topic}",
}
INVALID = {  # refused by the worker's own validation
    "nobody answers at an address that it names": {"database.port": "1"},
    "PostgreSQL has no TLS, and it is asked for": {"database.sslmode": "require"},
    "a value of its definition is not accepted": {"decimal.handling.mode": "loose"},
}
DEAD = {
    "the worker lacks a class that it names": {
        "snapshot.mode": "custom",
        "snapshot.mode.custom.name": "none",
    },
    "a channel of its signals lacks what it needs": {"signal.enabled.channels": "kafka"},
    "the outbox's rows lack a field that its transform reads": ROUTED
    | {"transforms.x.table.field.event.payload": "nothing"},
    "the outbox's transform got an update or a delete": ROUTED
    | {"transforms.x.table.op.invalid.behavior": "fatal"},
    "a transform names a field that the rows do not have": ONLY_OUTBOX
    | {
        "transforms": "x",
        "transforms.x.type": "org.apache.kafka.connect.transforms.ValueToKey",
        "transforms.x.fields": "nothing",
    },
    "a message is larger than the topic or the producer takes": {
        "producer.override.max.request.size": "300"
    },
}
WRITE = """
INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
VALUES ('a', 'b', 'C', jsonb_build_object('x', repeat(md5(random()::text), 30)));
UPDATE experiments.outbox SET type = 'D'"""


@pytest.fixture
def connect(stack):
    return Connect(stack.need("connect_url"))


def config(databases, change):
    filled = placeholders(load()).fill(json.dumps(json.loads(OURS) | change))
    return json.loads(filled) | {"name": f"{databases.name}_{uuid.uuid4().hex[:6]}"}


@pytest.mark.parametrize("meaning", INVALID)
def test_a_definition_that_the_worker_does_not_take(meaning, databases, alembic, connect):
    assert alembic("upgrade", "0008").code == 0
    wanted = config(databases, INVALID[meaning])

    with pytest.raises(ConnectRefused) as refused:
        connect.put(f"/connectors/{wanted['name']}/config", wanted)

    assert diagnosis.known(str(refused.value)).meaning == meaning


@pytest.mark.parametrize("meaning", DEAD)
def test_a_task_that_dies(meaning, databases, alembic, connect):
    assert alembic("upgrade", "0008").code == 0
    wanted = config(databases, DEAD[meaning])
    path = f"/connectors/{wanted['name']}"
    connect.put(f"{path}/config", wanted)
    with databases.postgres() as connection:
        connection.execute(WRITE)

    try:
        trace = trace_of(connect, wanted["name"])
    finally:
        connect.delete(path)

    assert diagnosis.known(trace) is not None, trace
    assert diagnosis.known(trace).meaning == meaning, trace


def trace_of(connect, name):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        current = health.status(connect, name)
        if current and current.trace:
            return current.trace
        time.sleep(0.2)
    raise AssertionError(f"connector {name} does not fail")
