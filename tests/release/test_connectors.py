"""`analytics connectors`: each fault is seen with its remedy, and orders wait for the outcome."""

import json

import pytest
from click.testing import CliRunner

from analytics.cli import analytics
from analytics.errors import NotHealthy
from analytics.kafka import connector, creation
from analytics.kafka.connect import Connect

pytestmark = pytest.mark.services


@pytest.fixture
def name(databases, alembic):
    """The connector of our pipeline's PostgreSQL half, which runs."""
    assert alembic("upgrade", "head").code == 0
    return databases.name


def run(*arguments):
    result = CliRunner().invoke(analytics, ["connectors", *arguments])
    return result.exit_code, result.stdout


def listed():
    return json.loads(run("--json")[1])


def test_a_healthy_connector_has_nothing_to_do(name):
    code, out = run()
    (found,) = listed()

    assert code == 0
    assert out.startswith(f"{name}  RUNNING/RUNNING  slot {name}_slot")
    assert (found["definition"], found["todo"]) == ("experiments v1", "")
    assert found["slot"]["reader"] == f"{name}_debezium"


def test_it_is_stopped_and_the_list_says_how_it_goes_on(name):
    assert "ingest stands until it is resumed" in run("stop", name)[1]

    code, out = run()
    assert (code, "STOPPED" in out) == (1, True)
    remedy = out.rpartition("-> ")[2].split()
    assert remedy == ["analytics", "connectors", "resume", name]

    said = f"connector {name} runs, reads its slot and moves on; a row has come to {name}_events\n"
    assert run(*remedy[2:]) == (0, said)
    assert run()[0] == 0


def test_paused_and_restarted(name):
    assert "PAUSED" in run("pause", name)[1]
    assert "-> analytics connectors resume" in run()[1]
    assert run("resume", name)[0] == 0
    assert run("restart", name)[0] == 0


@pytest.mark.parametrize("order", ["resume", "restart"])
def test_one_that_runs_and_sends_no_row_is_told(name, stack, order):
    connect = Connect(stack.need("connect_url"))
    config = connector.config_of(connect, name)
    elsewhere = {"transforms.route.replacement": f"{name}.message"}
    connector.change_stopped(connect, name, config | elsewhere, timeout=60)

    result = CliRunner().invoke(analytics, ["connectors", order, name])

    assert isinstance(result.exception, NotHealthy), result.output
    assert f"has confirmed a row that has not come to {name}_events" in str(result.exception)
    assert listed()[0]["definition"].endswith("in transforms.route.replacement")


def test_drift_from_the_definition_is_named(name, stack):
    connect = Connect(stack.need("connect_url"))
    config = connector.config_of(connect, name)
    connect.put(f"/connectors/{name}/config", config | {"max.batch.size": "17"})

    assert listed()[0]["definition"] == "differs from experiments v1 in max.batch.size"


def test_a_slot_that_nobody_reads_is_to_be_dropped_as_the_list_says(name, databases):
    with databases.postgres() as connection:
        connection.execute(
            "SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", [f"{name}_x"]
        )
        (found,) = [each for each in listed() if each["slot"]["name"] == f"{name}_x"]
        connection.execute(found["todo"].removeprefix("drop it: "))

    assert len(listed()) == 1


def test_a_connector_that_is_not_there_is_named(name):
    result = CliRunner().invoke(analytics, ["connectors", "resume", "nobody"])

    assert "there is no connector nobody" in str(result.exception)


def test_one_that_was_replaced_is_kept_and_not_resumed(name, databases, stack):
    connect, slot = Connect(stack.need("connect_url")), f"{name}_x"
    config = connector.config_of(connect, name) | {"name": slot, "slot.name": slot}
    with databases.postgres() as connection:
        connection.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", [slot])
        creation.create_stopped(connect, slot, config, timeout=60)
        (found,) = [each for each in listed() if each["name"] == slot]
        connector.remove(connect, slot, timeout=60)
        connection.execute("SELECT pg_drop_replication_slot(%s)", [slot])

    assert f"kept as the way back from {name}, and slot {slot} keeps WAL" in found["todo"]
