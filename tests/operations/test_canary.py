"""A connector's canary, and its topics: what a row's way to its topic must show."""

import json
import os
import random

import pytest

from analytics.kafka import health
from analytics.kafka.connect import Connect
from analytics.settings.brokers import Brokers
from tests.conftest import ROOT
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow]

SAMPLE = int(os.environ.get("DEAD_CONNECTORS", "2"))
FOLDER = ROOT / "migrations/connectors"
UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = json.loads((FOLDER / "experiments_v01.json").read_text())
CANARY = (FOLDER / "experiments_canary_v01.sql").read_text()
ROUTE = "transforms.route"
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


def create_topic(source, name, stack):
    from analytics.kafka import topics

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
