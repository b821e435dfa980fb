"""Rebuilds that are killed, or whose server is, under load from a real broker.

KILLS is how many are killed at random moments; `make proof` does fifty.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time

import pytest

from analytics.local import stack as local_stack
from analytics.rebuild import barrier, graph, record, verify
from analytics.rebuild import outline as outlines
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State
from analytics.rebuild.sample import Sample
from tests.rebuild import ledger, oracles
from tests.rebuild.chain import GOALS, back
from tests.rebuild.stage import Stage
from tests.safety.releases import record as note

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=3)]

KILLS = int(os.environ.get("KILLS", "4"))
WARM = 2.0  # seconds of traffic before the first


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
    assert oracles.left(live) == set()
    assert record.unfinished(live.server()) == []
    note(test="killed", messages=len(sent.sent))


def test_the_other_way_after_a_kill_leaves_the_former_chain(live):
    there = live.objects()
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        worker = multiprocessing.Process(target=_rebuild, args=(live, "both", 5_000))
        worker.start()
        while not any(map(oracles.MADE.search, live.objects())):
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
    assert oracles.left(live) == set()
    assert record.unfinished(live.server()) == []
    assert "landing_mv was left detached; it is attached again" in live.said


@pytest.mark.parametrize("service", ["clickhouse", "kafka"])
def test_a_killed_server_loses_nothing_and_a_replay_makes_the_chain_consistent(service, live):
    """Each cycle that was under way comes again, so that rows may be doubled.

    They may have reached one table and not the next, which a rebuild calls a loss, and mends.
    """
    with ledger.sending(live) as sent:
        time.sleep(WARM)
        worker = multiprocessing.Process(target=_rebuild, args=(live, "both", 10_000))
        worker.start()
        time.sleep(0.1 + 1.2 * random.random())
        (there,) = [each for each in local_stack.status() if each.name == service]
        os.kill(there.pid, signal.SIGKILL)
        worker.join()
        local_stack.up([service], report=lambda *_: None)
        live.rebuild(GOALS["both"], chunk=10_000, allows=lambda _: True)
    ledger.arrived(live, sent)

    rows, offsets, gaps = map(int, live.ask(oracles.OFFSETS)[0])
    assert (offsets, gaps) == (len(sent.sent), offsets - rows)
    ids = "SELECT uniqExact(JSONExtractUInt(message, 'id')) FROM landing"
    assert live.ask("SELECT uniqExact(id) FROM events") == live.ask(ids)
    live.rebuild(Goal("events_mv", {}, anew=True), allows=lambda _: True)
    assert live.ask("SELECT count() FROM events") == [[rows]]
    outline = outlines.make(live.server(), Goal("events_mv", {}, anew=True), live.read)
    verdict = verify.serving(live.server(), outline, sample=Sample(), limits=Limits(), timeout=30)
    assert verdict.differences == []
    assert oracles.left(live) == set()
    note(test=service)
