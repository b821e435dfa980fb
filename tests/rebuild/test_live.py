"""Rebuilds under load from a real broker: nothing lost, nothing doubled, whatever happens to them.

REBUILDS is how many are done at random moments; `make proof` does a hundred.
"""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import replace

import pytest
from kafka.admin import NewTopic

from analytics.kafka import topics
from analytics.rebuild import kafka_table
from analytics.settings.brokers import Brokers
from tests.rebuild import ledger, oracles
from tests.rebuild.chain import GOALS, back
from tests.rebuild.ledger import Ledger
from tests.rebuild.stage import PARTITIONS
from tests.safety.releases import record as note

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=3)]

REBUILDS = int(os.environ.get("REBUILDS", "4"))
WARM = 2.0  # seconds of traffic before the first
SECOND = (
    "CREATE TABLE second_valve (message String) ENGINE = Null",
    "CREATE MATERIALIZED VIEW second_valve_mv TO second_valve AS SELECT message FROM second",
    "CREATE MATERIALIZED VIEW second_mv TO landing AS "
    "SELECT message, _partition + 10 AS partition, _offset AS offset FROM second",
)


@pytest.mark.parametrize("number", range(REBUILDS))
def test_rebuilds_and_ways_back_at_random_moments_count_every_message_once(number, live):
    chance = random.Random(number)
    goal = GOALS[chance.choice(list(GOALS))]
    with ledger.sending(live) as sent:
        time.sleep(WARM + chance.random())
        live.rebuild(goal, chunk=chance.choice((20_000, 64 << 20)))
        time.sleep(chance.random())
        live.rebuild(back(goal))
        time.sleep(chance.random())
        live.rebuild(goal)
    ledger.arrived(live, sent)

    wide = {name: goal.versions.get(name, 1) for name in ("hourly", "daily")}
    factor = goal.versions.get("events_mv", 1)
    assert oracles.faults(live, sent, **wide, factor=factor) == []
    assert oracles.left(live) == set()
    pauses = [seconds for _, seconds in live.pauses()]
    note(test="moments", rebuilds=3, messages=len(sent.sent), pauses=pauses)


def test_readers_see_no_error_and_no_count_that_goes_back(live):
    seen: list[int] = []
    errors: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        server = live.server()
        while not stop.is_set():
            try:
                seen.append(int(server.one("SELECT sum(messages) FROM people")))
            except Exception as error:  # whatever a reader would have seen
                errors.append(error)

    with ledger.sending(live):
        time.sleep(WARM)
        reader = threading.Thread(target=read)
        reader.start()
        live.rebuild(GOALS["events"])
        live.rebuild(back(GOALS["events"]))
        stop.set()
        reader.join()

    assert errors == []
    assert len(seen) > 20
    assert seen == sorted(seen)


@pytest.fixture
def other(live):
    """A second topic that leads into the landing table, by a Kafka table and a valve of its own."""
    there = replace(live, topic=f"{live.topic}_2")
    with topics.admin(Brokers(live.brokers)) as client:
        client.create_topics([NewTopic(there.topic, PARTITIONS, 1)])
        live.ask(there.text("queue", 1).replace("TABLE queue", "TABLE second"))
        for definition in SECOND:
            live.ask(definition)
        yield there
        live.ask("DROP VIEW second_mv")
        live.ask("DROP TABLE second")
        client.delete_topics([there.topic])


def test_every_kafka_table_that_feeds_the_chain_is_held(live, other):
    with ledger.sending(live) as sent, ledger.sending(other) as more:
        time.sleep(WARM)
        live.rebuild(GOALS["both"])
        live.rebuild(back(GOALS["both"]))
    both = Ledger([*sent.sent, *more.sent])
    ledger.arrived(live, both)

    assert oracles.faults(live, both, hourly=1, daily=1) == []
    assert oracles.left(live) == set()


def test_a_recreated_kafka_table_continues_where_it_was(live):
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        for version in (2, 1, 2):
            kafka_table.recreate(live.server(), "queue", version, live.read, timeout=15)
            time.sleep(0.5)
    ledger.arrived(live, sent)

    assert oracles.faults(live, sent, hourly=1, daily=1) == []
    assert oracles.left(live) == set()
    assert "queue reads again after" in live.said[-1]
    live.rebuild(GOALS["hourly"])
    assert oracles.faults(live, sent, hourly=2, daily=1) == []
