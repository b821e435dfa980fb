"""Rebuilds under load from a real broker: nothing lost, nothing doubled, whatever happens to them.

REBUILDS is how many are done at random moments; `make proof` does a hundred.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from dataclasses import replace

import pytest
from kafka.admin import NewTopic

from analytics.kafka import topics
from analytics.local import stack as local_stack
from analytics.rebuild import barrier, graph, kafka_table, names, record, verify
from analytics.rebuild import outline as outlines
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from analytics.rebuild.sample import Sample
from tests.rebuild import ledger, oracles
from tests.rebuild.ledger import Ledger
from tests.rebuild.stage import GOALS, PARTITIONS, Stage, back
from tests.safety.releases import record as note

pytestmark = [pytest.mark.services, pytest.mark.slow]

REBUILDS = int(os.environ.get("REBUILDS", "4"))
KILLS = int(os.environ.get("KILLS", "4"))
WARM = 2.0  # seconds of traffic before the first
SECOND = (
    "CREATE TABLE second_valve (message String) ENGINE = Null",
    "CREATE MATERIALIZED VIEW second_valve_mv TO second_valve AS SELECT message FROM second",
    "CREATE MATERIALIZED VIEW second_mv TO landing AS "
    "SELECT message, _partition + 10 AS partition, _offset AS offset FROM second",
)


def left(stage: Stage) -> set[str]:
    """What a rebuild has made and not taken away, and what is detached."""
    rows = stage.ask("SELECT table FROM system.detached_tables WHERE database = currentDatabase()")
    return {name for name in stage.objects() if names.is_made(name)} | {str(r[0]) for r in rows}


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
    assert left(live) == set()
    pauses = [seconds for _, seconds in live.pauses()]
    note(test="moments", rebuilds=3, messages=len(sent.sent), pauses=pauses)


def _rebuild(stage: Stage, name: str, chunk: int) -> None:
    stage.rebuild(GOALS[name], chunk=chunk)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_rebuild_ends_as_an_undisturbed_one(number, live):
    chance = random.Random(1000 + number)
    name = chance.choice(list(GOALS))
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        for _ in range(3):
            worker = multiprocessing.Process(target=_rebuild, args=(live, name, 10_000))
            worker.start()
            time.sleep(0.1 + 1.5 * chance.random())
            worker.kill()
            worker.join()
        live.rebuild(GOALS[name], chunk=10_000)
    ledger.arrived(live, sent)

    goal = GOALS[name]
    wide = {each: goal.versions.get(each, 1) for each in ("hourly", "daily")}
    assert oracles.faults(live, sent, **wide, factor=goal.versions.get("events_mv", 1)) == []
    assert left(live) == set()
    assert record.unfinished(live.server()) == []
    note(test="killed", messages=len(sent.sent))


def test_the_other_way_after_a_kill_leaves_the_former_chain(live):
    there = live.objects()
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        worker = multiprocessing.Process(target=_rebuild, args=(live, "both", 5_000))
        worker.start()
        while not any(map(names.is_made, live.objects())):
            time.sleep(0.01)
        worker.kill()
        worker.join()
        live.rebuild(back(GOALS["both"]))
    ledger.arrived(live, sent)

    assert oracles.faults(live, sent, hourly=1, daily=1) == []
    assert live.objects() == there


@pytest.mark.parametrize("last", [State.DONE, State.HELD])
def test_what_an_earlier_run_has_left_closed_is_opened(last, live):
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        live.rebuild(GOALS["hourly"])
        if last is State.HELD:  # as a verification that was killed
            gates = barrier.to_detail(barrier.valves(graph.read(live.server()), ["landing"]))
            record.begin(live.server(), "events_mv").write(State.HELD, gates=gates)
        live.ask("DETACH TABLE valve PERMANENTLY")
        live.ask("DETACH TABLE landing_mv SYNC")
        live.rebuild(back(GOALS["hourly"]))
    ledger.arrived(live, sent)

    assert oracles.faults(live, sent, hourly=1, daily=1) == []
    assert left(live) == set()
    assert record.unfinished(live.server()) == []
    assert "landing_mv was left detached; it is attached again" in live.said


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
    with topics.admin(live.brokers) as client:
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
    assert left(live) == set()


def test_a_kafka_table_made_anew_reads_on_where_it_was(live):
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        for version in (2, 1, 2):
            kafka_table.recreate(live.server(), "queue", version, live.read, timeout=15)
            time.sleep(0.5)
    ledger.arrived(live, sent)

    assert oracles.faults(live, sent, hourly=1, daily=1) == []
    assert left(live) == set()
    assert "queue reads again after" in live.said[-1]
    live.rebuild(GOALS["hourly"])
    assert oracles.faults(live, sent, hourly=2, daily=1) == []


@pytest.mark.parametrize("service", ["clickhouse", "kafka"])
def test_a_killed_server_loses_nothing_and_leaves_the_chain_consistent(service, live):
    """Each cycle that was under way comes again, so that rows may be doubled: at every level."""
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        worker = multiprocessing.Process(target=_rebuild, args=(live, "both", 10_000))
        worker.start()
        time.sleep(0.1 + 1.2 * random.random())
        (there,) = [each for each in local_stack.status() if each.name == service]
        os.kill(there.pid, signal.SIGKILL)
        worker.join()
        local_stack.up([service], report=lambda *_: None)
        live.rebuild(GOALS["both"], chunk=10_000)
    ledger.arrived(live, sent)

    rows, offsets, gaps = map(int, live.ask(oracles.OFFSETS)[0])
    assert (offsets, gaps) == (len(sent.sent), offsets - rows)
    assert live.ask("SELECT count() FROM events") == [[rows]]
    outline = outlines.make(live.server(), Goal("events_mv", {}, anew=True), live.read)
    verdict = verify.serving(live.server(), outline, sample=Sample(), limits=Limits(), timeout=30)
    assert verdict.differences == []
    assert left(live) == set()
    note(test=service)
