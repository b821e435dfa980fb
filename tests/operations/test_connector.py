"""op.register_connector and op.remove_connector."""

import json

import pytest

from analytics.kafka import connector, health
from analytics.kafka.connect import Connect
from tests.conftest import ROOT

UP, DOWN = 'op.register_connector("experiments", version=1)', 'op.remove_connector("experiments")'
OURS = (ROOT / "migrations/connectors/experiments_v01.json").read_text()


@pytest.fixture
def source(databases, alembic):
    """A database with everything that the connector reads: our own history before it."""
    assert alembic("upgrade", "0008").code == 0
    return databases


@pytest.fixture
def connect(stack):
    """The local worker."""
    return Connect(stack.need("connect_url"))


@pytest.mark.services
def test_a_connector_streams_is_kept_and_goes_with_its_offsets(revise, source, connect):
    run = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)
    assert run("upgrade", "head").code == 0
    assert health.status(connect, source.name).runs
    assert slot_is_read(source)

    run("stamp", "base")
    assert run("upgrade", "head").code == 0  # as after a crash: it is there and equal

    assert run("downgrade", "base").code == 0
    assert connector.config_of(connect, source.name) is None
    assert not slot_is_read(source)


@pytest.mark.services
def test_a_change_that_does_not_work_is_put_back(revise, source, connect, monkeypatch):
    run = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)
    run("upgrade", "head")
    before = connector.config_of(connect, source.name)
    run("stamp", "base")
    change = {"snapshot.mode": "custom", "snapshot.mode.custom.name": "none"}
    broken = json.dumps(json.loads(OURS) | change)
    changed = revise("postgres", UP, DOWN, connectors__experiments_v01_json=broken)

    outcome = changed("upgrade", "head")

    assert outcome.code != 0
    assert f"connector {source.name} was put back and runs again" in outcome.err
    assert connector.config_of(connect, source.name) == before
    assert slot_is_read(source)
    fixed = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)
    assert fixed("upgrade", "head").code == 0
    assert fixed("downgrade", "base").code == 0


@pytest.mark.services
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("SELECT pg_drop_replication_slot('{}_slot')", "no replication slot"),
        ("DROP PUBLICATION {}_pub", "no publication"),
    ],
)
def test_a_source_that_is_missing_is_refused_before_debezium_makes_one(
    missing, said, revise, source, connect
):
    with source.postgres() as connection:
        connection.execute(missing.format(source.name))

    outcome = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)("upgrade", "head")

    assert outcome.code != 0
    assert said in outcome.err
    assert connector.config_of(connect, source.name) is None


@pytest.mark.services
def test_a_worker_that_does_not_answer_is_named(revise, source, monkeypatch):
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://127.0.0.1:1")

    outcome = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)("upgrade", "head")

    assert "Kafka Connect at http://127.0.0.1:1 does not answer" in outcome.err


def slot_is_read(source):
    """Whether the slot is being read."""
    query = "SELECT active FROM pg_replication_slots WHERE slot_name = %s"
    with source.postgres() as connection:
        return connection.execute(query, (f"{source.name}_slot",)).fetchone() == (True,)


def test_the_script_is_the_request_with_placeholders_for_secrets(revise, nowhere):
    run = revise("postgres", UP, DOWN, connectors__experiments_v01_json=OURS)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert "-- PUT /connectors/shop/config\n-- {" in up.out
    assert '"database.password": "${env:ANALYTICS_DEBEZIUM_ROLE_PASSWORD}"' in up.out
    assert "hush" not in up.out
    assert "/stop\n-- DELETE /connectors/shop/offsets\n-- DELETE /connectors/shop\n" in down.out
