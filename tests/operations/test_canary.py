"""A connector's canary, and its topics: what a row's way to its topic must show."""

import json
import os
import random

import pytest

from analytics.kafka import health, topic_settings, topics
from analytics.kafka.connect import Connect
from analytics.settings.brokers import Brokers
from tests import ledger
from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow]

SAMPLE = int(os.environ.get("DEAD_CONNECTORS", "2"))
FOLDER = ROOT / "migrations/connectors"
UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((FOLDER / "experiments_v01.json").read_text())
CANARY = (FOLDER / "experiments_canary_v01.sql").read_text()
ROUTE, PREDICATE = "transforms.route", "predicates.theirs"
DROPS = {
    "transforms": "route,drop",
    "transforms.drop.type": "org.apache.kafka.connect.transforms.Filter",
    "transforms.drop.predicate": "theirs",
    "predicates": "theirs",
    "predicates.theirs.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
    "predicates.theirs.pattern": "${topic}",
}
DEAD = {
    "rows that are filtered out": DROPS,
    "rows that go to another topic": {f"{ROUTE}.replacement": "${namespace}.message"},
    "rows without their values": {
        "transforms": "route,drop",
        "transforms.drop.type": "org.apache.kafka.connect.transforms.ReplaceField$Value",
        "transforms.drop.exclude": "after",
    },
    "an outbox that goes to another topic": {
        f"{ROUTE}.regex": "${namespace}\\.experiments\\.(events|x)"
    },
}


@pytest.fixture
def source(databases, alembic):
    """A database with everything that the connector reads."""
    assert alembic("upgrade", "0008").code == 0
    return databases


@pytest.fixture
def register(revise, source):
    """Alembic for a history whose one revision registers our connector, changed like this."""

    def written(canary=CANARY, **change):
        text = json.dumps(OURS | change)
        files = {"connectors__experiments_v01_json": text}
        if canary:
            files["connectors__experiments_canary_v01_sql"] = canary
        return revise("postgres", UP, DOWN, **files)

    return written


def test_a_canary_comes_to_its_topic_and_leaves_no_row(register, source):
    outcome = register()("upgrade", "head")

    assert outcome.code == 0
    with source.postgres() as connection:
        assert connection.execute("SELECT count(*) FROM experiments.outbox").fetchone() == (0,)
        sent = "SELECT last_value, is_called FROM experiments.outbox_seq_seq"
        assert connection.execute(sent).fetchone() == (2, True)  # tried out once, sent once
    assert register()("downgrade", "base").code == 0


@pytest.mark.parametrize("setup", random.sample(list(DEAD), min(SAMPLE, len(DEAD))))
def test_a_connector_whose_rows_do_not_arrive_is_put_back(setup, register, source, stack):
    change = DEAD[setup]
    run, connect = register(), Connect(stack.need("connect_url"))
    assert run("upgrade", "head").code == 0
    run("stamp", "base")
    if "replacement" not in str(change) and "regex" in str(change):
        create_topic(source, f"{source.name}.experiments.outbox", stack)

    outcome = register(**change)("upgrade", "head")

    assert outcome.code != 0
    assert f"has confirmed a row that has not come to {source.name}_events" in outcome.err
    assert f"connector {source.name} was put back and runs again" in outcome.err
    assert health.status(connect, source.name).runs
    record(test="connector", setup=setup, end="put back; it streams again")
    assert register()("downgrade", "base").code == 0


FAILING = {
    "acks that do not exist": (
        {"producer.override.acks": "7"},
        "a value of its definition is not accepted",
    ),
    "signals through Kafka": (
        {"signal.enabled.channels": "source,kafka"},
        "a channel of its signals lacks what it needs",
    ),
    "rows that are fetched once an hour": (
        {"poll.interval.ms": "3600000"},
        "its slot is read, and does not move past",
    ),
    "a session that begins with a refusal": (
        {"database.initial.statements": "SET ROLE nobody"},
        "nobody reads its slot",
    ),
}


@pytest.mark.parametrize("setup", random.sample(list(FAILING), min(SAMPLE, len(FAILING))))
def test_a_task_that_does_not_work_is_put_back_with_its_cause(setup, register, source, monkeypatch):
    change, said = FAILING[setup]
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "8")
    run = register()
    assert run("upgrade", "head").code == 0
    run("stamp", "base")

    with ledger.writing(source) as ids:
        outcome = register(**change)("upgrade", "head")
        ledger.pause(1)

    assert outcome.code != 0
    assert said in outcome.err
    assert f"connector {source.name} was put back and runs again" in outcome.err
    ledger.await_topic(
        os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"], f"{source.name}_events", ids
    )
    assert register()("downgrade", "base").code == 0
    record(test="connector", setup=setup, end="put back; it streams again")


def test_messages_that_the_topic_does_not_take_are_told_and_come_later(register, source, stack):
    topic, run = f"{source.name}_events", register()
    assert run("upgrade", "head").code == 0
    run("stamp", "base")
    with topics.admin(Brokers(stack.need("kafka_bootstrap_servers"))) as client:
        config = {"max.message.bytes": "100"}
        topic_settings.change(client, topic, count=None, config=config)
        with ledger.writing(source) as ids:
            outcome = register(**{"max.batch.size": "4096"})("upgrade", "head")
        topic_settings.change(client, topic, count=None, config={"max.message.bytes": None})

    assert "a message is larger than the topic or the producer takes" in outcome.err
    assert "INGEST STANDS" in outcome.err and "(op.change_topic)" in outcome.err
    assert run("upgrade", "head").code == 0
    ledger.await_topic(os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"], topic, ids)
    assert run("downgrade", "base").code == 0


SHAPED = "io.debezium.transforms.ExtractNewRecordState"
SAID = {
    "its transforms may leave rows of experiments.events out": DROPS
    | {f"{PREDICATE}.pattern": ".*x"},
    "the form of its messages changes (transforms": {
        "transforms": "route,new",
        "transforms.new.type": SHAPED,
    },
    "the form of its messages changes (tombstones.on.delete": {"tombstones.on.delete": "true"},
    "snapshot.mode sends every row once more at each start": {"snapshot.mode": "always"},
    "producer.override.acks=1: a broker that fails": {"producer.override.acks": "1"},
    "lets it alter tables": {"replica.identity.autoset.values": "experiments.events:FULL"},
}
KEPT = {
    "is compacted: of the messages of a key only the newest stays": {"cleanup.policy": "compact"},
    "keeps messages for 1 s: what is not read by then is lost": {"retention.ms": "1000"},
}


def test_what_may_lose_rows_and_may_be_meant_is_said(register, source, stack):
    run = register()
    assert run("upgrade", "head").code == 0

    for said, change in SAID.items():
        run("stamp", "base")
        assert said in register(**change)("upgrade", "head").err
    with topics.admin(Brokers(stack.need("kafka_bootstrap_servers"))) as client:
        for said, config in KEPT.items():
            topic_settings.change(client, f"{source.name}_events", count=None, config=config)
            run("stamp", "base")
            assert f"topic {source.name}_events {said}" in register()("upgrade", "head").err
            defaults = dict.fromkeys(config)
            topic_settings.change(client, f"{source.name}_events", count=None, config=defaults)

    assert register()("downgrade", "base").code == 0


def create_topic(source, name, stack):
    with topics.admin(Brokers(stack.need("kafka_bootstrap_servers"))) as client:
        topics.create_topic(client, name, count=1, config={})


def test_a_topic_that_is_missing_is_named_with_the_operation_that_makes_it(register, source):
    outcome = register(canary="", **{f"{ROUTE}.replacement": "${namespace}_lost"})(
        "upgrade", "head"
    )

    assert outcome.code != 0
    assert f'op.create_topic("{source.name}_lost")' in outcome.err
    assert f"would write to {source.name}_lost: there is no such topic" in outcome.err


@pytest.mark.parametrize(
    ("canary", "said"),
    [
        ("INSERT INTO experiments.outbox VALUES (:canary)", "has no topic, or no :canary"),
        ("-- topic: ${topic}\nSELECT 1", "has no topic, or no :canary"),
        ("-- topic: ${topic}\nINSERT INTO nowhere VALUES (:canary)", '"nowhere" does not exist'),
        (CANARY.replace("${topic}", "elsewhere"), "would write to elsewhere"),
    ],
)
def test_a_canary_that_cannot_fly_is_refused_before_anything_is_made(
    canary, said, register, source, stack
):
    outcome = register(canary=canary)("upgrade", "head")

    assert outcome.code != 0
    assert said in outcome.err
    assert health.status(Connect(stack.need("connect_url")), source.name) is None


def test_what_a_definition_leaves_out_or_sends_again_is_said(register):
    odd = {
        "skipped.operations": "d,t",
        "snapshot.mode": "initial",
        "tasks.max": "2",
        "column.exclude.list": "experiments.events.session_id",
        "topic.delimiter": ".",
    }
    run = register(**odd, **{"heartbeat.interval.ms": "0"})

    outcome = run("upgrade", "head")

    for said in (
        "skipped.operations leaves out deletes",
        "snapshot.mode sends every row if its offsets are gone",
        "tasks.max has no effect",
        "column.exclude.list leaves columns out",
        "no heartbeat.interval.ms",
    ):
        assert said in outcome.err
    run("downgrade", "base")
    assert (
        "skipped.operations holds c"
        in register(**{"skipped.operations": "c"})("upgrade", "head").err
    )
