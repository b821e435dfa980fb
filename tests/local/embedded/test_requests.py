"""Reading HTTP: requests, bodies, forms and options."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http import external, request
from analytics.local.embedded.http.body import Body
from analytics.local.embedded.http.options import authenticate, options
from analytics.local.embedded.http.request import BadRequest, Gone, Request
from analytics.local.embedded.http.source import split

FORM_TYPE = "multipart/form-data; boundary=b"
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT 1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="e"; filename="f"\r\n\r\n1\r\n2\r\n--b--\r\n'
)


def asked(target: str, **headers: str) -> Request:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    found = request.read(BytesIO(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode()))
    assert found is not None
    return found


def body(data: bytes, **headers: str) -> Body:
    return Body(BytesIO(data), {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_request_is_read() -> None:
    found = asked("/?query=SELECT+1&param_x=%C3%BC&empty=", Host="x")

    assert (found.method, found.path) == ("GET", "/")
    assert found.params == {"query": "SELECT 1", "param_x": "ü", "empty": ""}
    assert found.headers == {"host": "x"}


@pytest.mark.parametrize(
    ("version", "connection", "kept"),
    [
        ("HTTP/1.1", "", True),
        ("HTTP/1.1", "close", False),
        ("HTTP/1.0", "", False),
        ("HTTP/1.0", "keep-alive", True),
    ],
)
def test_which_connections_are_kept(version: str, connection: str, kept: bool) -> None:
    found = Request("GET", "/", {}, version, {"connection": connection})

    assert found.keep_alive is kept


@given(st.binary())
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        found = request.read(BytesIO(data))
    except (BadRequest, Gone):
        return

    assert found is None or isinstance(found, Request)


@given(st.lists(st.binary(min_size=1)))
def test_chunks_are_put_together(chunks: list[bytes]) -> None:
    coded = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    found = body(coded + b"0\r\nTrailer: x\r\n\r\nnext", transfer_encoding="chunked")

    assert b"".join(found.pieces()) == b"".join(chunks)
    assert found.stream.read() == b"next"


@given(st.binary(), st.binary())
def test_a_length_ends_the_body(data: bytes, following: bytes) -> None:
    found = body(data + following, content_length=str(len(data)))

    assert b"".join(found.pieces()) == data
    assert found.stream.read() == following


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (b"12", {"content_length": "3"}),
        (b"", {"content_length": "3"}),
        (b"", {"transfer_encoding": "chunked"}),
        (b"5\r\n12", {"transfer_encoding": "chunked"}),
        (b"2\r\n12\r\n", {"transfer_encoding": "chunked"}),
    ],
)
def test_a_body_cut_short_is_never_taken_for_whole(data: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(Gone):
        list(body(data, **headers).pieces())


@given(st.integers(1, len(FORM)))
def test_a_form_has_fields_and_files(size: int) -> None:
    pieces = [FORM[start : start + size] for start in range(0, len(FORM), size)]

    form = external.parse(FORM_TYPE, pieces)

    assert (form.fields, form.files) == ({"query": "SELECT 1"}, {"e": b"1\r\n2"})


def test_a_form_needs_a_boundary() -> None:
    with pytest.raises(DBError, match="boundary"):
        external.parse("multipart/form-data", [FORM])


@pytest.mark.parametrize("size", range(len(FORM) - len("--\r\n")))
def test_a_form_cut_short_is_never_taken_for_whole(size: int) -> None:
    with pytest.raises(DBError, match="did not find the last boundary"):
        external.parse(FORM_TYPE, [FORM[:size]])


@given(st.binary())
def test_no_bytes_break_a_form(data: bytes) -> None:
    with suppress(DBError):
        external.parse(FORM_TYPE, [FORM[: FORM.index(b"SELECT")] + data + b"\r\n--b" + data])


def test_a_name_in_a_form_can_hold_quotes() -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="a; \\"b\\""\r\n\r\n'

    assert external.parse(FORM_TYPE, [head + b"1\r\n--b--"]).fields == {'a; "b"': "1"}


def test_types_name_the_columns_of_an_external_table() -> None:
    (table,) = external.tables({"e": b""}, {"e_types": "Int8, Array(Tuple(Int8, String))"})

    assert table.structure == "_1 Int8, _2 Array(Tuple(Int8, String))"
    assert table.format == "TabSeparated"


def test_options_come_from_url_and_headers() -> None:
    found = asked("/?query_id=q&max_threads=2&param_x=1&readonly=1", X_ClickHouse_Database="d")

    wanted = options(found, "me", found.params)

    assert (wanted.query_id, wanted.database, wanted.only_reads) == ("q", "d", True)
    assert (wanted.settings, wanted.parameters) == ({"max_threads": "2"}, {"x": "1"})


@pytest.mark.parametrize(
    ("target", "headers", "user"),
    [
        ("/", {}, "default"),
        ("/?user=anna&password=secret", {}, "anna"),
        ("/", {"X_ClickHouse_User": "anna", "X_ClickHouse_Key": "secret"}, "anna"),
        ("/", {"Authorization": "Basic YW5uYTpzZWNyZXQ="}, "anna"),
        ("/", {"Authorization": "basic OnNlY3JldA=="}, None),
        ("/?user=anna", {}, None),
        ("/?user=nobody", {}, None),
        ("/", {"Authorization": "Bearer x"}, None),
    ],
)
def test_who_asks(target: str, headers: dict[str, str], user: str | None) -> None:
    users = {"default": "", "anna": "secret"}
    if user is None:
        with pytest.raises(DBError, match="Authentication failed"):
            authenticate(asked(target, **headers), users)
        return

    assert authenticate(asked(target, **headers), users) == user


@pytest.mark.parametrize(
    ("query", "sent", "data"),
    [
        (b"INSERT INTO t FORMAT CSV", b"1,x", b"1,x"),
        (b"INSERT INTO t FORMAT CSV 0,y", b"1,x", b"0,y\n1,x"),
        (b"", b"INSERT INTO t FORMAT CSV\n1,x", b"1,x"),
        (b"INSERT INTO t", b"FORMAT CSV\n1,x", b"1,x"),
        (b"INSERT INTO t VALUES (1)", b"", b" (1)"),
        (b"SELECT", b"1", b""),
    ],
)
def test_statement_and_data_are_one_text(query: bytes, sent: bytes, data: bytes) -> None:
    source = split(query, body(sent, content_length=str(len(sent))), "")

    assert b"".join(source.data) == data


def test_a_long_insert_is_not_read_ahead() -> None:
    rows = b"1,x\n" * 2_000_000
    found = body(rows, content_length=str(len(rows)))

    source = split(b"INSERT INTO t FORMAT CSV", found, "")

    assert found.stream.tell() == 0
    assert sum(map(len, source.data)) == len(rows)
