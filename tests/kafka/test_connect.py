"""The client of Kafka Connect: the requests that it repeats, and its errors."""

import socket
import subprocess
import sys
import time
from itertools import product
from threading import Event, Thread, Timer

import pytest

from analytics.errors import ConnectRefused, Unreachable
from analytics.kafka import connect
from analytics.kafka.connect import Connect
from tests.kafka.worker import CLOSED, answering

pytestmark = pytest.mark.slow  # workers that keep a client waiting

REBALANCE = (409, b'{"error_code": 409, "message": "a rebalance is in process"}')
BROKEN = (500, b'{"error_code": 500, "message": "the herder is gone"}')
OK = (200, b'{"name": "c"}')
METHODS = {
    "GET": lambda client: client.get("/connectors/c"),
    "PUT": lambda client: client.put("/connectors/c", {"name": "c"}),
    "POST": lambda client: client.post("/connectors/c", {"name": "c"}),
    "DELETE": lambda client: client.delete("/connectors/c"),
}


@pytest.mark.parametrize(
    ("method", "script"),
    [
        *product(METHODS, [(BROKEN, OK)]),
        *product(sorted(METHODS.keys() - {"POST"}), [(REBALANCE, REBALANCE, OK)]),
        *product(sorted(METHODS.keys() - {"POST"}), [(CLOSED, OK)]),
    ],
)
def test_a_request_is_repeated_whole_until_the_worker_is_ready(method, script):
    with answering(script) as worker:
        METHODS[method](Connect(worker.url))

    assert len(worker.requests) == len(script)
    assert len(set(worker.requests)) == 1
    assert worker.requests[0][:2] == (method, "/connectors/c")


def test_what_may_have_been_created_is_not_sent_again():
    with answering((CLOSED, OK)) as worker, pytest.raises(Unreachable, match="does not answer"):
        Connect(worker.url).post("/connectors", {"name": "c"})

    assert len(worker.requests) == 1


def test_the_answer_after_a_rebalance_is_returned():
    with answering((REBALANCE, REBALANCE, OK)) as worker:
        assert Connect(worker.url).get("/connectors/c") == {"name": "c"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(BROKEN, "with 500: the herder is gone"), (REBALANCE, "with 409: a rebalance is in process")],
)
def test_a_worker_that_stays_unready_is_named_with_its_own_message(answer, reason, monkeypatch):
    monkeypatch.setattr(connect, "PATIENCE", 0.5)

    with answering((answer,)) as worker, pytest.raises(ConnectRefused) as raised:
        Connect(worker.url).put("/connectors/c", {})

    assert raised.value.thing == f"Kafka Connect at {worker.url} answers PUT /connectors/c {reason}"
    assert len(worker.requests) > 2


@pytest.mark.parametrize("status", [400, 403, 422, 429])
def test_a_refusal_is_not_repeated(status):
    with answering(((status, b"no,\n  never"),)) as worker, pytest.raises(ConnectRefused) as raised:
        Connect(worker.url).post("/connectors", {})

    assert raised.value.thing.endswith(f"with {status}: no, never")
    assert len(worker.requests) == 1


def test_what_is_missing_is_none():
    with answering(((404, b"{}"),)) as worker:
        assert Connect(worker.url).get("/connectors/c") is None


def test_connections_that_are_always_closed_are_no_answer(monkeypatch):
    monkeypatch.setattr(connect, "PATIENCE", 0.5)

    with answering((CLOSED,)) as worker, pytest.raises(Unreachable, match="does not answer"):
        Connect(worker.url).get("/connectors")

    assert len(worker.requests) > 2


def test_a_time_out_is_not_repeated(monkeypatch):
    monkeypatch.setattr(connect, "REQUEST_TIMEOUT", 0.2)
    began = time.monotonic()

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        Connect(f"http://127.0.0.1:{silent.getsockname()[1]}").get("/connectors")

    assert time.monotonic() - began < 5


def test_where_no_worker_is_the_error_comes_at_once():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    began = time.monotonic()

    with pytest.raises(Unreachable, match=f"{url} does not answer .* refused.: start it"):
        Connect(url).get("/connectors")

    assert time.monotonic() - began < 5


def test_the_library_is_imported_with_the_first_request():
    code = "import sys, analytics.kafka.connector; print(*sys.modules)"

    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()

    assert {"requests", "urllib3"} & set(modules) == set()


def test_no_credentials_are_shown_and_the_remedy_is_about_them():
    with answering(((401, b"no"),)) as worker, pytest.raises(ConnectRefused) as raised:
        Connect(worker.url.replace("//", "//admin:hunter2@")).get("/connectors")

    assert "hunter2" not in str(raised.value) and worker.url in str(raised.value)
    assert "correct ANALYTICS_CONNECT_USERNAME and ANALYTICS_CONN" in raised.value.remedy


def test_credentials_are_not_shown_where_nobody_answers():
    with pytest.raises(Unreachable) as raised:
        Connect("http://admin:hunter2@127.0.0.1:1").get("/connectors")

    assert "hunter2" not in str(raised.value)


def test_a_page_of_another_server_is_no_worker():
    page = (200, b"<html>login</html>")

    with answering((page,)) as worker, pytest.raises(ConnectRefused) as said:
        Connect(worker.url).get("/connectors")

    assert f"what answers at {worker.url} is no Kafka Connect: <html>" in said.value.thing


def test_a_worker_that_was_there_is_waited_for():
    with answering((OK,)) as worker:
        client = Connect(worker.url)
        client.get("/connectors/c")
    again = Event()
    Timer(1.0, again.set).start()

    def start() -> None:
        again.wait()
        with answering((OK,), port=int(worker.url.rpartition(":")[2])):
            done.wait(30)

    done = Event()
    thread = Thread(target=start)
    thread.start()
    assert client.get("/connectors/c") == {"name": "c"}
    done.set()
    thread.join()
