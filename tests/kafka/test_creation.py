"""The creation of a connector whose answer was lost, or that a rebalance delays."""

import json

import pytest

from analytics.errors import ConnectRefused
from analytics.kafka import creation
from analytics.kafka.connect import Connect
from tests.kafka.worker import CLOSED, answering

CONFIG = {"name": "c", "connector.class": "C"}
THERE = (200, json.dumps(CONFIG).encode())
EXISTS = (409, b'{"error_code": 409, "message": "Connector c already exists"}')
REBALANCE = (409, b'{"error_code": 409, "message": "a rebalance is in process"}')
MISSING, MADE = (404, b"{}"), (201, b"{}")
STOPPED = (200, b'{"connector": {"state": "STOPPED"}, "tasks": []}')
ENDS = (STOPPED, (200, b"{}"))


@pytest.mark.parametrize(
    "script",
    [
        (MADE,),
        ((500, b"{}"), EXISTS, THERE),  # it was made, and answered badly
        (CLOSED, THERE),  # it was made, and the answer was cut
        (REBALANCE, MISSING, REBALANCE, MISSING, MADE),
    ],
)
def test_it_is_there_whatever_came_in_between(script):
    with answering((*script, *ENDS)) as worker:
        creation.create_stopped(Connect(worker.url), "c", CONFIG, timeout=5)

    assert worker.requests[-1][:2] == ("DELETE", "/connectors/c/offsets")


def test_another_connector_of_that_name_is_refused_and_kept():
    other = (200, json.dumps(CONFIG | {"slot.name": "other"}).encode())

    with answering((EXISTS, other)) as worker, pytest.raises(ConnectRefused, match="already"):
        creation.create_stopped(Connect(worker.url), "c", CONFIG, timeout=5)

    assert [method for method, *_ in worker.requests] == ["POST", "GET"]
