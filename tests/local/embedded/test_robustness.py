"""Clients that misbehave: the server answers, or hangs up, and lives on."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.local.embedded.serving import Serving, until

pytestmark = pytest.mark.services

MALFORMED = [
    b"nonsense\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nselect 1\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nselect 1\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nselect 1\r\n0\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("data", MALFORMED)
def test_what_is_not_http_is_a_bad_request(server: Serving, data: bytes) -> None:
    answer = server.raw(data)

    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_request_line_without_end_is_refused(server: Serving) -> None:
    answer = server.raw(b"GET /?query=" + b"x" * (2 << 20))

    assert answer.startswith(b"HTTP/1.1 414 ") or answer == b""


def test_headers_without_end_are_refused(server: Serving) -> None:
    answer = server.raw(b"GET / HTTP/1.1\r\n" + b"name: value\r\n" * (1 << 17))

    assert answer.startswith(b"HTTP/1.1 431 ") or answer == b""


@pytest.mark.parametrize("header", ["Basic !!!", "Basic", "Bearer x", "Basic " + "é"])
def test_an_unreadable_authorization_is_a_failed_one(server: Serving, header: str) -> None:
    request = f"GET /?query=select%201 HTTP/1.1\r\nAuthorization: {header}\r\n\r\n"

    assert b"Code: 516." in server.raw(request.encode())


def test_post_needs_a_length(server: Serving) -> None:
    answer = server.raw(b"POST /?query=select%201 HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 411 ")


def test_a_line_break_in_a_query_id_starts_no_header(server: Serving) -> None:
    response = server.send(query="SELECT 1", query_id="a\r\nX-Evil: 1")

    assert "X-Evil" not in response.headers


def test_half_of_an_insert_leaves_no_row(server: Serving, table: str) -> None:
    head = b"POST /?query=insert%20into%20rows%20format%20CSV HTTP/1.1\r\nContent-Length: "

    server.raw(head + b"1000\r\n\r\n1,x\n2,y\n")
    server.raw(head + b"90000000\r\n\r\n" + b"1,x\n" * 700_000)

    assert server.sql("SELECT count() FROM rows") == "0\n"


def test_a_chunked_insert_cut_short_leaves_no_row(server: Serving, table: str) -> None:
    head = b"POST /?query=insert%20into%20rows%20format%20CSV HTTP/1.1\r\n"
    chunk = b"1,x\n" * 65536

    server.raw(
        head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"%x\r\n%b\r\n" % (len(chunk), chunk)) * 10
    )

    assert server.sql("SELECT count() FROM rows") == "0\n"


def test_a_client_that_leaves_ends_its_query(server: Serving) -> None:
    query = b"select+sleepEachRow(0.01)+from+numbers(100000)+settings+max_block_size=10"
    running = "SELECT count() FROM system.processes WHERE query_id = 'leaver'"
    with server.connect() as client:
        client.sendall(b"GET /?query_id=leaver&query=" + query + b" HTTP/1.1\r\n\r\n")
        until(lambda: server.sql(running) == "1\n")

    until(lambda: server.sql(running) == "0\n")


def test_nothing_leaks_when_clients_leave(server: Serving) -> None:
    server.sql("SELECT 1")
    before = server.open_files()

    for _ in range(20):
        with server.connect() as client:
            client.sendall(b"GET /?query=select+*+from+numbers(1000000000) HTTP/1.1\r\n\r\n")
            client.recv(1000)

    until(lambda: server.sql("SELECT count() FROM system.processes") == "1\n")
    until(lambda: server.open_files() <= before)


def test_two_hundred_clients_at_once(server: Serving) -> None:
    def ask(number: int) -> str:
        return server.sql(f"SELECT {number}, sleep(0.2)")

    with ThreadPoolExecutor(200) as clients:
        answers = list(clients.map(ask, range(200)))

    assert answers == [f"{number}\t0\n" for number in range(200)]


def test_a_gigabyte_passes_in_constant_memory(server: Serving) -> None:
    server.sql("SELECT 1")
    before = server.memory()
    piece = (b"x" * 1023 + b"\n") * 1024

    sent = requests.post(
        server.url,
        params={
            "query": "INSERT INTO FUNCTION null('s String') FORMAT TSV",
            "min_insert_block_size_bytes": 1 << 20,  # the engine gathers 256 MB otherwise
        },
        data=(piece for _ in range(512)),
        timeout=60,
    )
    with requests.get(
        server.url, params={"query": "SELECT * FROM numbers(60000000)"}, stream=True, timeout=60
    ) as answer:
        size = sum(map(len, answer.iter_content(1 << 20)))

    assert sent.status_code == 200
    assert size > 500_000_000
    assert server.memory() - before < 300 << 20


def test_a_half_closed_client_gets_its_answer(server: Serving) -> None:
    answer = server.raw(b"GET /?query=select+1 HTTP/1.0\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n1\n")


def test_http_1_0_gets_no_chunks(server: Serving) -> None:
    query = b"select+number+from+numbers(1000000)"

    answer = server.raw(b"GET /?query=" + query + b" HTTP/1.0\r\n\r\n")

    assert b"chunked" not in answer
    assert answer.endswith(b"\n999999\n")


def test_head_has_no_body(server: Serving) -> None:
    query = b"select+number+from+numbers(1000000)"

    answer = server.raw(b"HEAD /?query=" + query + b" HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\n")


def test_pipelined_requests_are_answered_in_turn(server: Serving) -> None:
    request = b"GET /?query=select+%d HTTP/1.1\r\n\r\n"

    answer = server.raw(b"".join(request % number for number in (11, 22, 33)))

    assert [line for line in answer.split(b"\n") if line.isdigit()] == [b"11", b"22", b"33"]


def test_a_user_with_a_password_needs_it(server: Serving) -> None:
    good = base64.b64encode(b"anna:secret").decode()
    bad = base64.b64encode(b"anna:guess").decode()

    assert server.send(b"SELECT currentUser()", {"Authorization": f"Basic {good}"}).ok
    refused = server.send(b"SELECT 1", {"Authorization": f"Basic {bad}"})
    assert (refused.status_code, refused.headers["X-ClickHouse-Exception-Code"]) == (403, "516")


def test_the_same_query_id_twice_at_once_is_refused(server: Serving) -> None:
    first = threading.Thread(target=server.sql, args=("SELECT sleep(1)",), kwargs={"query_id": "q"})
    first.start()
    until(lambda: server.sql("SELECT count() FROM system.processes WHERE query_id = 'q'") == "1\n")

    code, _ = server.refused("SELECT 1", query_id="q")
    first.join()

    assert code == 216


def test_not_exists_with_the_current_time_is_answered_rightly(server):
    server.sql("CREATE TABLE later (x DateTime) ENGINE = MergeTree ORDER BY x")
    server.sql("INSERT INTO later SELECT now() + number * 3600 FROM numbers(3)")

    exists = "EXISTS (SELECT 1 FROM later WHERE x > now())"
    assert server.sql(f"SELECT NOT {exists}, {exists}").split() == ["0", "1"]
    assert server.sql(f"SELECT count() FROM later WHERE NOT {exists}").strip() == "0"
