"""What a release needs beside its stores is looked for before its first step."""

import socket

import pytest

from analytics.errors import Refused
from analytics.journal.entry import Direction
from analytics.release import needs
from analytics.release.plan import Plan, PlannedRevision, PlannedStep
from analytics.settings import Settings
from analytics.sql.impact import Impact
from tests.ours import OURS


def plan(*names):
    step = PlannedStep("op.x()", "d", Impact(), needs=names)
    return Plan(Direction.UP, (), (PlannedRevision("postgres", "0007", "It.", (step,)),), {}, {})


@pytest.fixture
def listening():
    """A port at which somebody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_secret_and_an_address_that_are_not_set_are_named():
    wanted = plan("debezium_role_password", "connect_url")

    with pytest.raises(Refused) as caught:
        needs.check(wanted, Settings(ini=OURS))

    for name in ("ANALYTICS_DEBEZIUM_ROLE_PASSWORD", "ANALYTICS_CONNECT_URL"):
        assert f"{name} is not set, and postgres@0007 needs it" in caught.value.thing


def test_a_server_that_does_not_answer_is_named(listening):
    wanted = plan("connect_url", "kafka_bootstrap_servers")
    away = Settings(connect_url="http://127.0.0.1:1", kafka_bootstrap_servers="127.0.0.1:1")
    there = Settings(
        connect_url=f"http://127.0.0.1:{listening}/connect",
        kafka_bootstrap_servers=f"127.0.0.1:1,127.0.0.1:{listening}",
    )

    assert len(list(needs.missing(wanted, away))) == 2
    assert "nobody answers at ANALYTICS_CONNECT_URL" in next(needs.missing(wanted, away))
    needs.check(wanted, there)


def test_what_no_step_needs_may_be_missing():
    needs.check(plan(), Settings())
