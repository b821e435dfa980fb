"""op.replace_connector, while an application commits: whatever happens, no row is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
import pytest

from analytics.kafka import connector, health, topics
from analytics.kafka.connect import Connect
from analytics.settings.brokers import Brokers
from tests import ledger
from tests.arrival import await_answer
from tests.conftest import ROOT
from tests.safety import proxy as proxies
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=6)]

KILLS = int(os.environ.get("REPLACE_KILLS", "2"))
UP = 'op.replace_connector("experiments", "next", version=1)'
DOWN = 'op.replace_connector("next", "experiments", version=1)'
OURS = (ROOT / "migrations/connectors/experiments_v01.json").read_text()
NEXT = {"name": "${connector}_next", "slot.name": "${slot}_next"}
FILTER = "org.apache.kafka.connect.transforms.Filter"
OTHERS = """
SELECT pg_terminate_backend(pid)
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid != pg_backend_pid()
  AND query NOT LIKE '%INSERT INTO experiments.events%'"""
FORWARD, BACK = ("upgrade", "head"), ("downgrade", "base")
END = {FORWARD: "_slot_next", BACK: "_slot"}
BREAKS = ("cut before", "cut after", "kill before", "kill after")


def definition(**change):
    return json.dumps(json.loads(OURS) | NEXT | change)


class Pair:
    """Our connector and the next one: which of them runs, and how far their slots are."""

    def __init__(self, databases, stack):
        self.databases, self.name = databases, databases.name
        self.connect = Connect(stack.need("connect_url"))
        self.brokers, self.topic = stack.need("kafka_bootstrap_servers"), f"{self.name}_events"

    def states(self):
        found = (health.status(self.connect, f"{self.name}{each}") for each in ("", "_next"))
        return [each and each.state for each in found]

    def slots(self):
        query = "SELECT slot_name, active FROM pg_replication_slots WHERE database = %s ORDER BY 1"
        with self.databases.postgres() as connection:
            return dict(connection.execute(query, [self.name]).fetchall())

    def read(self):
        """The slots that are read."""
        return [name.removeprefix(self.name) for name, active in self.slots().items() if active]

    def remove(self):
        connector.remove(self.connect, f"{self.name}_next", timeout=60)
        with self.databases.postgres() as connection:
            if f"{self.name}_slot_next" in self.slots():
                connection.execute(
                    "SELECT pg_drop_replication_slot(%s)", [f"{self.name}_slot_next"]
                )


@pytest.fixture
def pair(databases, alembic, stack):
    """Our pipeline's PostgreSQL half, whose connector runs."""
    assert alembic("upgrade", "head").code == 0
    found = Pair(databases, stack)
    yield found
    found.remove()


@pytest.fixture
def replace(revise, pair):
    """Write the revision that replaces it; Alembic's command line for it."""

    def write(up=UP, down=DOWN, **change):
        files = {
            "connectors__experiments_v01_json": OURS,
            "connectors__next_v01_json": definition(**change),
        }
        return revise("postgres", up, down, **files)

    return write


def test_up_down_and_up_while_rows_are_written(pair, replace, alembic, databases):
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    run, ways = replace(), [FORWARD, BACK, FORWARD]

    with ledger.writing(databases) as ids:
        for way in ways:
            ledger.pause(1)
            outcome = run(*way)
            assert outcome.code == 0, outcome.err
            assert "which is stopped and stays as the way back" in outcome.err
            is_next = way == FORWARD
            assert pair.states() == (["STOPPED", "RUNNING"] if is_next else ["RUNNING", "STOPPED"])
            assert pair.read() == ["_slot_next" if is_next else "_slot"]
        ledger.pause(1)

    found = ledger.await_topic(pair.brokers, pair.topic, ids)
    print(f"{len(ids)} committed, {sum(found.values()) - len(ids)} twice in Kafka")
    ledger.await_clickhouse(databases, ids)


def test_a_new_connector_that_does_not_work_leaves_the_old_one_running(pair, replace, databases):
    run = replace(**{"snapshot.mode": "custom", "snapshot.mode.custom.name": "none"})

    with ledger.writing(databases) as ids:
        outcome = run(*FORWARD)
        assert outcome.code != 0
        ledger.pause(1)

    assert f"connector {pair.name} runs again" in outcome.err
    assert pair.states() == ["RUNNING", None]
    assert pair.slots() == {f"{pair.name}_slot": True}
    found = ledger.await_topic(pair.brokers, pair.topic, ids)
    assert max(found.values()) <= 2
    assert replace()(*FORWARD).code == 0
    assert replace()(*BACK).code == 0


def test_the_former_one_is_removed_and_comes_back(pair, replace, databases):
    remove = 'op.remove_connector("experiments")\nop.drop_replication_slot("${slot}")'

    with ledger.writing(databases) as ids:
        assert replace()(*FORWARD).code == 0
        cleanup = replace(remove, 'op.create_replication_slot("${slot}")')
        cleanup("stamp", "base")
        assert cleanup(*FORWARD).code == 0
        assert pair.slots() == {f"{pair.name}_slot_next": True}
        assert cleanup(*BACK).code == 0
        cleanup("stamp", "head")
        ledger.pause(1)
        outcome = replace()(*BACK)
        assert outcome.code == 0, outcome.err
        ledger.pause(1)

    assert pair.states() == ["RUNNING", "STOPPED"]
    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_a_slot_that_was_made_ahead_is_used(pair, replace, databases):
    create = "SELECT pg_create_logical_replication_slot(%s, 'pgoutput', failover => true)"

    with ledger.writing(databases) as ids:
        with databases.postgres() as connection:
            connection.execute(create, [f"{pair.name}_slot_next"])
        outcome = replace()(*FORWARD)
        assert outcome.code == 0, outcome.err
        ledger.pause(1)

    assert pair.read() == ["_slot_next"]
    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_one_that_is_stopped_is_replaced_where_it_stands(pair, replace, databases):
    with ledger.writing(databases) as ids:
        ledger.pause(1)
        connector.stop(pair.connect, pair.name, timeout=60)
        replication = f"{databases.postgres_url}?replication=database"
        with closing(psycopg.connect(replication)) as session:
            command = f"ALTER_REPLICATION_SLOT {pair.name}_slot (FAILOVER true)"
            session.pgconn.exec_(command.encode())
        outcome = replace()(*FORWARD)
        assert outcome.code == 0, outcome.err
        ledger.pause(1)

    assert "fails over to a standby, and its copy" in outcome.err
    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_an_interruption_at_the_gate_lets_the_old_one_run_again(pair, replace, databases, tmp_path):
    replace(transforms="route,drop", **{"transforms.drop.type": FILTER})  # it confirms nothing

    with ledger.writing(databases) as ids:
        process = started(tmp_path, FORWARD)
        await_answer(lambda: pair.states()[1], "RUNNING", question="the new connector")
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            ledger.pause(0.5)
        _, said = process.communicate(timeout=120)
        ledger.pause(1)

    assert process.returncode != 0
    assert f"connector {pair.name} runs again" in said.decode()
    assert (pair.states(), pair.slots()) == (["RUNNING", None], {f"{pair.name}_slot": True})
    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_a_session_that_ends_at_the_gate_lets_the_old_one_run_again(
    pair, replace, databases, tmp_path
):
    replace(transforms="route,drop", **{"transforms.drop.type": FILTER})

    with ledger.writing(databases) as ids:
        process = started(tmp_path, FORWARD)
        await_answer(lambda: pair.states()[1], "RUNNING", question="the new connector")
        ledger.pause(1)
        with databases.postgres() as connection:
            connection.execute(OTHERS)
        _, said = process.communicate(timeout=120)
        ledger.pause(1)

    assert process.returncode != 0
    assert f"connector {pair.name} runs again" in said.decode(), said.decode()
    assert (pair.states(), pair.slots()) == (["RUNNING", None], {f"{pair.name}_slot": True})
    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_what_is_not_valid_is_refused_before_anything_stops(pair, replace, databases):
    with databases.postgres() as connection:
        query = "SELECT active_pid FROM pg_replication_slots WHERE database = current_database()"
        before = connection.execute(query).fetchall()

        for change in ({"poll.intervall.ms": "5"}, {"table.include.list": "public.nothing"}):
            assert replace(**change)(*FORWARD).code != 0

        assert connection.execute(query).fetchall() == before
    assert pair.states() == ["RUNNING", None]


def test_another_prefix_has_topics_of_its_own(pair, replace, databases):
    names = [f"{pair.name}_b{each}" for each in ("_events", ".experiments.debezium_heartbeat")]
    names += [f"__debezium-heartbeat.{pair.name}_b", f"{pair.name}_b.experiments.debezium_signal"]
    with topics.admin(Brokers(pair.brokers)) as client:
        for each in names:
            topics.create_topic(client, each, count=4, config={})
    change = {
        "topic.prefix": "${namespace}_b",
        "transforms.route.regex": "${namespace}_b\\.experiments\\.(events|outbox)",
        "transforms.route.replacement": "${namespace}_b_events",
    }
    run, seen = replace(**change), []

    with ledger.writing(databases) as ids:
        for way in (FORWARD, BACK, FORWARD):
            ledger.pause(1)
            outcome = run(*way)
            assert outcome.code == 0, outcome.err
            seen.append(len(ids))
        ledger.pause(1)

    ledger.await_topic(pair.brokers, f"{pair.name}_b_events", ids[seen[2] :])
    both = (ledger.in_topic(pair.brokers, each) for each in (pair.topic, f"{pair.name}_b_events"))
    assert set(ids) <= set().union(*both)
    with topics.admin(Brokers(pair.brokers)) as client:
        client.delete_topics(names)


def started(tmp_path, way, **environment):
    """Plain Alembic in a process of its own."""
    command = [sys.executable, "-m", "alembic", "-c", str(tmp_path / "alembic.ini"), *way]
    return subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | environment)


def again_or_back(pair, run):
    """Run one of both commands to its end: the right one of the two connectors runs."""
    way = random.choice((FORWARD, BACK))
    outcome = run(*way)
    assert outcome.code == 0, outcome.err
    old, new = pair.states()
    if way == FORWARD:
        assert (old, new, pair.read()) == ("STOPPED", "RUNNING", ["_slot_next"])
    else:
        assert (old, pair.read()) == ("RUNNING", ["_slot"])
        assert new in ("STOPPED", None)  # none if it was not made before
    return way


def test_killed_at_any_moment_then_again_or_the_other_way(pair, replace, databases, tmp_path):
    run = replace()
    began = time.monotonic()
    assert run(*FORWARD).code == 0
    took = time.monotonic() - began

    with ledger.writing(databases) as ids:
        way = FORWARD
        for _ in range(KILLS):
            process = started(tmp_path, BACK if way == FORWARD else FORWARD)
            try:
                process.communicate(timeout=random.uniform(0.5, took + 1.5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            way = again_or_back(pair, run)
        ledger.pause(1)

    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_broken_at_a_request_then_again_or_the_other_way(pair, replace, databases, tmp_path):
    run, counts = replace(), {}
    url = urlsplit(os.environ["ANALYTICS_CONNECT_URL"])

    with proxies.running(url.hostname, url.port) as (proxy, port), ledger.writing(databases) as ids:

        def broken(way, at, how):
            what, _, when = how.partition(" ")
            through = {"ANALYTICS_CONNECT_URL": f"http://127.0.0.1:{port}"}
            process = started(tmp_path, way, **through)
            breaks = process.kill if what == "kill" else lambda: None
            proxy.arm(at, when, breaks, of=rb"\A(?:PUT|POST|DELETE) ")
            _, said = process.communicate()
            return process.returncode, said

        for way in (FORWARD, BACK):
            assert broken(way, -1, "")[0] == 0
            counts[way] = proxy.seen
            pair.remove() if way == BACK else None
        cases = [(w, at, how) for w in counts for at in range(1, counts[w] + 1) for how in BREAKS]
        for way, at, how in random.sample(cases, min(KILLS, len(cases))):
            assert run(*(BACK if way == FORWARD else FORWARD)).code == 0
            pair.remove() if way == FORWARD else None
            code, said = broken(way, at, how)
            runs = pair.read()
            record(test="replace", verb=way[0], fault=[at, how], code=code, counts=counts[way])
            assert how.startswith("kill") or (code == 0) == (runs == [END[way]]), said
            assert how.startswith("kill") or len(runs) == 1, said
            again_or_back(pair, run)

    ledger.await_topic(pair.brokers, pair.topic, ids)


def test_the_script_has_the_requests_and_the_statement_between_them(revise, nowhere):
    files = {"connectors__experiments_v01_json": OURS, "connectors__next_v01_json": definition()}
    run = revise("postgres", UP, DOWN, **files)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert '"initial_state": "STOPPED"' in up.out
    assert "-- PUT /connectors/shop/stop\nSELECT pg_copy_logical_replication_slot('shop_slot'" in (
        up.out
    )
    assert "-- PUT /connectors/shop_next/resume" in up.out
    assert "pg_copy_logical_replication_slot('shop_slot_next', 'shop_slot')" in down.out
