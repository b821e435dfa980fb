"""Requests that ClickHouse answers and a strict HTTP library refuses."""

from __future__ import annotations

import pytest

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services


def test_a_request_needs_no_host(server: Serving) -> None:
    answer = server.raw(b"GET /?query=select+1 HTTP/1.1\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n1\n")


@pytest.mark.parametrize("sent", ["ü".encode(), "à".encode(), "日本".encode()])
def test_bytes_of_a_url_need_no_escape(server: Serving, sent: bytes) -> None:
    answer = server.raw(b"GET /?query=select+'" + sent + b"' HTTP/1.1\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n" + sent + b"\n")


def test_bytes_of_a_url_need_not_be_text(server: Serving) -> None:
    query = b"GET /?query=select+hex('\xff%fe') HTTP/1.1\r\n\r\n"

    assert server.raw(query).endswith(b"\r\n\r\nFFFE\n")
    assert b"no handle /\xff\n" in server.raw(b"GET /\xff HTTP/1.1\r\n\r\n")


def test_the_value_of_a_header_can_hold_any_byte(server: Serving) -> None:
    answer = server.raw(b"GET /?query=select+1 HTTP/1.1\r\nUser-Agent: \x00\x1b\xff\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n1\n")


def test_a_connection_of_http_1_0_can_be_kept(server: Serving) -> None:
    request = b"GET /?query=select+%d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"

    answer = server.raw(request % 11 + request % 22)

    assert [line for line in answer.split(b"\n") if line.isdigit()] == [b"11", b"22"]


def test_a_line_break_between_requests_is_skipped(server: Serving) -> None:
    request = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nselect %d\r\n"

    answer = server.raw(request % 11 + request % 22)

    assert [line for line in answer.split(b"\n") if line.isdigit()] == [b"11", b"22"]
