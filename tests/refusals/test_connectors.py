"""Connectors: definitions and sources that are refused, and workers that do not answer."""

import json
import os
import re

import pytest

from analytics.kafka.connect import Connect
from tests.arrival import await_answer
from tests.kafka.worker import answering
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

PLACE = "migrations/connectors/{}_v{:02d}.json"
CONFIG = {
    "name": "${connector}",
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "tasks.max": "1",
    "plugin.name": "pgoutput",
    "database.hostname": "${postgres_host}",
    "database.port": "${postgres_port}",
    "database.dbname": "${postgres_database}",
    "database.user": "postgres",
    "database.password": "postgres",
    "topic.prefix": "${namespace}",
    "slot.name": "${slot}",
    "publication.name": "${publication}",
    "publication.autocreate.mode": "disabled",
    "snapshot.mode": "no_data",
}
TOPIC = 'op.create_topic("${namespace}.public.orders")'
RULES = "kafka/rules.py: connector {}"
VALID = "kafka/validation.py: connector {}"
REFUSED = {
    f"{RULES}: {{}} holds a secret, which Connect would show to anybody": (
        {"database.password": "hush"},
        '"database.password": "${env:VARIABLE}"',
    ),
    f"{RULES}: {{}} holds ${{{{}}}}, which would be sent as it is": (
        {"database.password": "${debezium_role_password}"},
        "${env:VARIABLE}",
    ),
    f"{RULES}: {{}} is {{}}: {{}}": ({"errors.tolerance": "all"}, '"errors.tolerance": "none"'),
    f"{RULES} would change {{}}: its offsets belong to the former one": (
        {"topic.prefix": "other"},
        "a slot of its own",
    ),
    f"{RULES}: skipped.operations holds c: rows that are inserted are left out": (
        {"skipped.operations": "t, c"},
        "take c out",
    ),
    f"{VALID} is not valid: {{}}": ({"poll.intervall.ms": "5"}, "nothing was stopped"),
    f"{VALID}: the worker has no class {{}}": ({"connector.class": "none.Such"}, "write one of"),
    "operations/_connector.py: version {} of connector {} is named {}, and version {} {}: "
    "there would be two": ({"name": "other"}, "keep the name"),
    "postgres/source.py: connector {} would lose rows, or not start: ": (
        {"table.include.list": "public.nothing"},
        "write schema.table",
    ),
}


def define(site, definition, version, **change):
    site.write(PLACE.format(definition, version), json.dumps(CONFIG | change))


@pytest.fixture
def running(stores, monkeypatch):
    """A project whose connector runs, and a revision that changes it."""
    monkeypatch.setenv("ANALYTICS_DEBEZIUM_ROLE_PASSWORD", "hush")
    down = 'op.execute("DROP TABLE orders")'
    stores.revise(
        "postgres",
        "0001",
        'op.execute("CREATE TABLE orders (id integer PRIMARY KEY, note text)")',
        down,
    )
    stores.revise(
        "postgres",
        "0002",
        'op.create_publication("${publication}", tables=["orders"])',
        'op.drop_publication("${publication}")',
    )
    stores.revise(
        "postgres",
        "0003",
        f'{TOPIC}\nop.create_replication_slot("${{slot}}")',
        'op.drop_replication_slot("${slot}")\nop.drop_topic("${namespace}.public.orders")',
    )
    define(stores, "shop", 1)
    register = 'op.register_connector("shop", version={})'
    stores.revise("postgres", "0004", register.format(1), 'op.remove_connector("shop")')
    stores.passes("analytics upgrade")
    stores.revise("postgres", "0005", register.format(2), register.format(1))
    return stores


@walks(*REFUSED, f"{RULES} reads slot {{}}, too")
def test_a_definition_is_corrected_as_the_message_says(running):
    for key, (change, remedy) in REFUSED.items():
        define(running, "shop", 2, **change)
        said = running.refused("analytics upgrade", key=key)
        assert remedy in said.text

    define(running, "shop", 2, **{"max.batch.size": "512"})
    running.passes("analytics upgrade")
    define(running, "other", 1, name="${connector}_other")
    up, down = 'op.register_connector("other", version=1)', 'op.remove_connector("other")'
    running.revise("postgres", "0006", up, down)
    running.refused(
        "analytics upgrade",
        "remove it first",
        key="kafka/rules.py: connector {} reads slot {}, too",
    )

    running.revise("postgres", "0006", f'op.remove_connector("shop")\n{up}', down)

    running.passes("analytics upgrade")


CANARY = "operations/gate/canary.py: "
FLIGHT = (
    f"{CANARY}the canary of connector {{}} has no topic, or no {{}}",
    f"{CANARY}the canary for topic {{}} is not taken: {{}}",
    "operations/_preflight.py: connector {} would write to {}: there is no such topic, "
    "and the broker makes none by itself",
    f"{CANARY}its slot has confirmed a row that has not come to {{}}",
)
ROUTES = {
    "heartbeat.interval.ms": "1000",
    "heartbeat.action.query": "INSERT INTO orders SELECT coalesce(max(id), 0) + 1 FROM orders",
    "transforms": "r",
    "transforms.r.type": "org.apache.kafka.connect.transforms.RegexRouter",
    "transforms.r.regex": ".*orders",
    "transforms.r.replacement": "${namespace}.elsewhere",
}


@walks(*FLIGHT)
def test_a_canary_that_does_not_arrive(running):
    place, topic = (
        "migrations/connectors/shop_canary_v02.sql",
        "-- topic: ${namespace}.public.orders\n",
    )
    rows = topic + "INSERT INTO orders VALUES (-1, :canary); DELETE FROM orders WHERE id = -1"
    define(running, "shop", 2)
    running.write(place, topic)
    running.refused("analytics upgrade", "write -- topic: NAME", key=FLIGHT[0])
    running.write(place, topic + "INSERT INTO orders VALUES (:canary)")
    running.refused("analytics upgrade", "correct its SQL", key=FLIGHT[1])
    running.write(place, rows)
    define(running, "shop", 2, **ROUTES)
    said = running.refused("analytics upgrade", key=FLIGHT[2])
    made = "\n".join(re.findall(r'op\.create_topic\("[^"]+"\)', said.text))
    register = 'op.register_connector("shop", version={})'
    running.revise("postgres", "0005", f"{made}\n{register.format(2)}", register.format(1))
    running.refused("analytics upgrade", "transforms", key=FLIGHT[3])
    define(running, "shop", 2, **{"max.batch.size": "512"})
    running.passes("analytics upgrade")


AHEAD = (
    "operations/gate/continuity.py: slot {} is ahead of what connector {} has sent: it was moved "
    "or created again, and the rows between are lost"
)


@walks(AHEAD)
def test_a_slot_that_is_ahead_of_its_connector(running, databases):
    connect, offsets = (
        Connect(os.environ["ANALYTICS_CONNECT_URL"]),
        f"/connectors/{databases.name}/offsets",
    )
    define(running, "shop", 2, **{"max.batch.size": "512"})
    with databases.postgres() as connection:
        connection.execute("INSERT INTO orders VALUES (1, 'one')")
        await_answer(lambda: bool(connect.get(offsets)["offsets"]), True, question="offsets")
        running.passes(f"analytics connectors stop {databases.name}")
        connection.execute("INSERT INTO orders VALUES (2, 'two')")
        read = "SELECT active FROM pg_replication_slots WHERE database = current_database()"
        await_answer(
            lambda: connection.execute(read).fetchone(), (False,), question="whether it is read"
        )
        advance = "SELECT pg_replication_slot_advance(%s, pg_current_wal_lsn())"
        connection.execute(advance, [f"{databases.name}_slot"])
    said = running.refused("analytics upgrade", databases.name, key=AHEAD)
    assert f"curl -X DELETE $ANALYTICS_CONNECT_URL{offsets}" in said.text

    running.follow(said, "analytics connectors stop")
    connect.delete(offsets)

    running.passes("analytics upgrade")


WRITES = "operations/_topic_use.py: connector {} writes to topic {}"


@walks(WRITES)
def test_a_topic_that_a_connector_writes_to(running, databases):
    running.revise("postgres", "0005", TOPIC.replace("create", "drop"), TOPIC)
    with databases.postgres() as connection:
        connection.execute("INSERT INTO orders VALUES (1, 'one')")
    path = f"/connectors/{databases.name}/topics"
    connect = Connect(os.environ["ANALYTICS_CONNECT_URL"])
    await_answer(
        lambda: len(connect.get(path)[databases.name]["topics"]), 1, question="topics written to"
    )

    said = running.refused("alembic upgrade head", f"{databases.name}.public.orders")

    running.follow(said, "analytics connectors stop")
    running.passes("alembic upgrade head")


WORKER = (
    "kafka/unanswered.py: Kafka Connect at {} does not answer ({}: {})",
    "kafka/connect.py: what answers at {} is no Kafka Connect: {}",
    "kafka/connect.py: Kafka Connect at {} answers {} {} with {}: {}",
    "kafka/health.py: connector {} does not stream after {} s: {}",
    "kafka/undoing.py: {}; {}",
    "kafka/health.py: connector {} has failed: {} ({})",
    "kafka/health.py: {} after {} s",
    "release/orders.py: there is no connector {}",
)


@walks(*WORKER)
def test_a_worker_or_a_task_that_does_not_work(running, databases, monkeypatch):
    right = os.environ["ANALYTICS_CONNECT_URL"]
    define(running, "shop", 2, **{"max.batch.size": "512"})
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://127.0.0.1:1")
    running.refused("alembic upgrade head", "127.0.0.1:1", "ANALYTICS_CONNECT_URL", key=WORKER[0])

    with answering(((200, b"<html></html>"),)) as page:
        monkeypatch.setenv("ANALYTICS_CONNECT_URL", page.url)
        running.refused("alembic upgrade head", "correct ANALYTICS_CONNECT_URL", key=WORKER[1])

    with answering(((401, b"who are you?"),)) as page:
        monkeypatch.setenv("ANALYTICS_CONNECT_URL", page.url)
        running.refused("alembic upgrade head", "ANALYTICS_CONNECT_USERNAME", key=WORKER[2])

    monkeypatch.setenv("ANALYTICS_CONNECT_URL", right)
    define(running, "shop", 2, **{"max.batch.size": "512"})
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "0.5")
    running.refused("analytics upgrade", "ANALYTICS_CONNECTOR_TIMEOUT", key=WORKER[3])
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "60")
    custom = {"snapshot.mode": "custom", "snapshot.mode.custom.name": "none"}
    define(running, "shop", 2, **custom)
    said = running.refused("analytics upgrade", "was put back and runs again", key=WORKER[4])
    running.hears(said.text, "correct the class", key=WORKER[5])

    define(running, "shop", 2, **{"max.batch.size": "512"})
    running.passes("analytics upgrade")
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "0.001")
    running.refused("analytics downgrade postgres@0003", "runs on", key=WORKER[6])
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "60")
    said = running.refused("analytics connectors resume nobody", "nobody", key=WORKER[7])
    running.run(said.commands[0])
    running.passes(f"analytics connectors resume {databases.name}")


REPLACED = (
    "operations/replacement.py: connector {} has {} of {}, which stays as the way back",
    "operations/_handover.py: slot {} begins after {}, whose connector {} does not run: rows "
    "between the two would be lost",
)


@walks(*REPLACED, f"{RULES} would change {{}}: its offsets belong to the former one")
def test_a_connector_that_another_one_replaces(running, databases):
    define(running, "shop", 2, **{"slot.name": "${slot}_next"})
    said = running.refused(
        "analytics upgrade",
        "a name and a slot of its own",
        key=f"{RULES} would change {{}}: its offsets belong to the former one",
    )
    assert 'op.replace_connector("...", "...", version=1)' in said.text
    (running.folder / PLACE.format("shop", 2)).unlink()
    replace, slot = 'op.replace_connector("{}", "{}", version=1)', "${slot}_next"

    define(running, "next", 1, **{"slot.name": slot})
    back = f'{replace.format("next", "shop")}\nop.remove_connector("next")'
    running.revise("postgres", "0005", replace.format("shop", "next"), back)
    running.refused("analytics upgrade", "a name and a slot of its own", key=REPLACED[0])
    define(running, "next", 1, **{"name": "${connector}_next", "slot.name": slot})
    running.passes("alembic downgrade 0003")  # the way back of what was refused: none is there
    running.passes("analytics upgrade postgres@0004")

    running.passes(f"analytics connectors stop {databases.name}")
    create, drop = (f'op.{each}_replication_slot("{slot}")' for each in ("create", "drop"))
    running.revise("postgres", "0005", create, drop)
    running.revise("postgres", "0006", replace.format("shop", "next"), back)
    said = running.refused("analytics upgrade", databases.name, key=REPLACED[1])
    with databases.postgres() as connection:
        connection.execute(said.statements[0])
    running.passes("analytics upgrade")
