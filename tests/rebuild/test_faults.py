"""A release that rebuilds, broken at any message, in any way, under load, and then repeated.

FAULTS is how many are tried for each chain and direction; 0 for all.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analytics.local import stack as local_stack
from analytics.rebuild.record import State
from tests.local.commands import kill
from tests.rebuild import ledger, oracles, releases
from tests.rebuild.chain import GOALS
from tests.rebuild.ledger import Ledger
from tests.rebuild.releases import Fault, Releases
from tests.rebuild.stage import Stage
from tests.safety.releases import COMMANDS, SAMPLE, both_ways
from tests.safety.releases import record as note

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=4)]

WARM = 2.0  # seconds of traffic before the first
RATE = 300  # messages a second
ATTACH = rb"ATTACH TABLE IF NOT EXISTS"  # what opens ingest again
LINES = [s for s in State if s not in (State.STOPPED, State.HELD, State.GIVEN_UP, State.REFUSED)]


@pytest.fixture
def of(live, databases, tmp_path):
    """Releases of the live stage by the name of what they rebuild."""
    return lambda name: releases.of(live, name, tmp_path)


@contextmanager
def under_load(live: Stage, name: str) -> Iterator[Ledger]:
    """Every message counted once when the block ends, where it began: at the first versions."""
    there = live.objects()
    with ledger.sending(live, rate=RATE) as sent:
        time.sleep(WARM)
        yield sent
    ledger.arrived(live, sent)
    assert oracles.faults(live, sent, hourly=1, daily=1) == [], name
    assert live.objects() == there
    note(test="faults", messages=len(sent.sent))


def undisturbed(release: Releases, live: Stage) -> tuple[dict[str, set[str]], dict[str, int]]:
    """The objects after each direction, and how many messages it takes."""
    ends, messages = {}, {}
    for verb in COMMANDS:
        release.proxy.arm(-1, "", lambda: None)
        release.run(verb)
        ends[verb], messages[verb] = live.objects(), release.proxy.seen
    return ends, messages


def repeated(
    release: Releases, live: Stage, verb: str, fault: Fault, end: set[str], *, of: bytes = b""
) -> None:
    """Break it, and run it again: it ends as undisturbed."""
    code = release.broken(verb, fault, of=of)
    said = release.run(verb)
    detached = live.ask(
        "SELECT table FROM system.detached_tables WHERE database = currentDatabase()"
    )
    assert (live.objects(), detached) == (end, []), f"{verb}, {fault}, {code}: {said}"
    note(test="fault", verb=verb, how=fault[1])


@pytest.mark.parametrize("name", [*GOALS, "queue"])
def test_the_same_command_again_ends_as_undisturbed(name, live, of):
    with of(name) as release, under_load(live, name):
        ends, messages = undisturbed(release, live)
        for verb, fault in both_ways(messages):
            if fault:
                repeated(release, live, verb, fault, ends[verb])
            else:
                release.run(verb)


def test_a_release_killed_after_each_line_of_its_record(live, of):
    with of("both") as release, under_load(live, "both"):
        ends, _ = undisturbed(release, live)
        few = random.sample(LINES, min(max(SAMPLE, 4), len(LINES))) if SAMPLE else LINES
        for line in few:
            text = rb"(?s)INSERT INTO analytics_rebuilds.*'%b'" % line.value.encode()
            repeated(release, live, "upgrade", (text, "kill after"), ends["upgrade"])
            release.run("downgrade")


def times_held(release: Releases, verb: str) -> int:
    """How many statements open ingest again, undisturbed."""
    release.proxy.arm(-1, "", lambda: None, of=ATTACH)
    release.run(verb)
    return release.proxy.seen


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_release_killed_whenever_ingest_is_held(verb, live, of):
    with of("both") as release, under_load(live, "both"):
        ends, _ = undisturbed(release, live)
        (other,) = COMMANDS.keys() - {verb}
        if verb == "downgrade":
            release.run("upgrade")
        times = range(1, times_held(release, verb) + 1)
        for number in random.sample(times, min(SAMPLE, len(times))) if SAMPLE else times:
            release.run(other)
            repeated(release, live, verb, (number, "kill before"), ends[verb], of=ATTACH)
        if verb == "upgrade":
            release.run("downgrade")


def test_clickhouse_killed_while_ingest_is_held(live, of):
    with of("both") as release, under_load(live, "both"):
        times = times_held(release, "upgrade")
        release.run("downgrade")
        release.proxy.arm(random.randint(1, times), "before", lambda: kill("clickhouse"), of=ATTACH)
        process = release.project.start("clickhouse", "upgrade", **release.environment)
        process.communicate(timeout=120)
        local_stack.up(["clickhouse"], report=lambda *_: None)
        release.proxy.arm(-1, "", lambda: None)
        release.run("upgrade")
        release.run("downgrade")


def test_upgrades_at_once_of_which_one_is_killed(live, of):
    with of("both") as release, under_load(live, "both"):
        ends, _ = undisturbed(release, live)
        for verb in COMMANDS:
            processes = [
                release.project.start("clickhouse", verb, **release.environment) for _ in range(3)
            ]
            victim = random.choice(processes)
            timer = threading.Timer(random.uniform(1, 3), victim.kill)
            timer.start()
            outputs = [process.communicate(timeout=120)[0] for process in processes]
            timer.cancel()
            codes = [process.returncode for process in processes if process is not victim]
            assert (codes, live.objects()) == ([0, 0], ends[verb]), outputs
