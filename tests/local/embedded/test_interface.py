"""ClickHouse's HTTP interface, as clients see it."""

from __future__ import annotations

import gzip
import json
import zlib

import lz4.frame
import pytest
import requests

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services


def test_health_checks(server: Serving) -> None:
    for path in ("ping", "replicas_status", ""):
        assert requests.get(server.url + path, timeout=5).text == "Ok.\n"


def test_an_unknown_path_is_not_found(server: Serving) -> None:
    response = requests.get(server.url + "nowhere", timeout=5)

    assert response.status_code == 404
    assert response.text.startswith("There is no handle /nowhere\n")


def test_a_preflight_is_allowed(server: Serving) -> None:
    response = requests.options(server.url, timeout=5)

    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_headers_of_a_result(server: Serving) -> None:
    response = server.send(query="SELECT 1 AS a FORMAT JSONEachRow", query_id="me")

    assert response.json() == {"a": 1}
    assert response.headers["X-ClickHouse-Query-Id"] == "me"
    assert response.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert response.headers["X-ClickHouse-Timezone"] == "UTC"
    assert json.loads(response.headers["X-ClickHouse-Summary"])["result_rows"] == "1"


def test_a_command_has_no_format(server: Serving, table: str) -> None:
    response = server.send(query=f"INSERT INTO {table} VALUES (1, 'x')")

    assert "X-ClickHouse-Format" not in response.headers
    assert json.loads(response.headers["X-ClickHouse-Summary"])["written_rows"] == "1"


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("SELEC 1", 400, 62),
        ("SELECT", 400, 62),
        ("", 400, 62),
        ("SELECT 1; SELECT 2", 400, 62),
        ("SELECT nothing", 404, 47),
        ("SELECT * FROM nothing", 404, 60),
        ("SELECT 1 FORMAT Nothing", 404, 73),
        ("SELECT throwIf(1)", 500, 395),
        ("SELECT throwIf(number = 70000) FROM numbers(100000)", 500, 395),
        ("SELECT {x:Int32}", 400, 456),
        ("SELECT 1 FORMAT TSV; -- end\n SELECT 2", 400, 62),
    ],
)
def test_errors_have_code_and_status(
    server: Serving, statement: str, status: int, code: int
) -> None:
    response = server.send(statement.encode())

    assert response.status_code == status
    assert response.headers["X-ClickHouse-Exception-Code"] == str(code)
    assert response.text.startswith(f"Code: {code}. DB::Exception: ")
    assert "/proc/" not in response.text
    assert response.text.endswith("(official build))\n")


def test_a_syntax_error_points_into_the_clients_text(server: Serving) -> None:
    assert "failed at position 15 (x)" in server.refused("SELECT 1 WHER x FORMAT JSON")[1]


def test_get_only_reads(server: Serving, table: str) -> None:
    insert = {"query": f"INSERT INTO {table} VALUES (1, 'x')"}

    response = requests.get(server.url, params=insert, timeout=5)

    assert response.headers["X-ClickHouse-Exception-Code"] == "164"
    assert requests.get(server.url, params={"query": "SELECT 1"}, timeout=5).text == "1\n"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("5", "Int32", "5"),
        (r"\N", "Nullable(String)", r"\N"),
        (r"a\tb", "String", r"a\tb"),
        ("", "String", ""),
        ("['a','b\\'c']", "Array(String)", r"['a','b\'c']"),
        ("[1,NULL]", "Array(Nullable(Int32))", "[1,NULL]"),
        ("{'a':1}", "Map(String, Int8)", "{'a':1}"),
        ("(1,'x')", "Tuple(Int8, String)", "(1,'x')"),
        ("2020-01-01 00:00:00.5", "DateTime64(3)", "2020-01-01 00:00:00.500"),
        ("true", "Bool", "true"),
        ("1.50", "Decimal(9, 2)", "1.5"),
        ("ü", "String", "ü"),
    ],
)
def test_parameters(server: Serving, value: str, kind: str, shown: str) -> None:
    assert server.sql(f"SELECT {{x:{kind}}}", param_x=value) == f"{shown}\n"


def test_settings_and_database_in_the_url(server: Serving) -> None:
    sql = "SELECT getSetting('max_threads'), currentDatabase()"

    assert server.sql(sql, max_threads=3, database="system") == "3\tsystem\n"
    assert server.refused("SELECT 1", no_such_setting=1)[0] == 115


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "lz4", "zstd"])
@pytest.mark.parametrize("rows", [1, 500_000])
def test_compressed_results(server: Serving, encoding: str, rows: int) -> None:
    response = requests.post(
        server.url,
        params={"enable_http_compression": 1},
        data=f"SELECT number FROM numbers({rows})".encode(),
        headers={"Accept-Encoding": encoding},
        timeout=30,
        stream=True,
    )

    data = response.raw.read(decode_content=False)
    assert response.headers["Content-Encoding"] == encoding
    assert unpack(data, encoding) == b"".join(b"%d\n" % number for number in range(rows))


def unpack(data: bytes, encoding: str) -> bytes:
    if encoding == "lz4":
        return bytes(lz4.frame.decompress(data))
    if encoding == "zstd":
        from backports import zstd

        return zstd.decompress(data)
    return zlib.decompress(data, zlib.MAX_WBITS | 32)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("lz4", lz4.frame.compress)],
)
def test_compressed_requests(server: Serving, table: str, encoding: str, pack: object) -> None:
    assert callable(pack)
    headers = {"Content-Encoding": encoding}
    rows = b"".join(b"%d,x\n" % number for number in range(300_000))

    assert server.send(pack(b"SELECT 5"), headers).text == "5\n"
    server.send(pack(rows), headers, query=f"INSERT INTO {table} FORMAT CSV")
    server.send(pack(f"INSERT INTO {table} FORMAT CSV\n".encode() + rows), headers)

    assert server.sql(f"SELECT count(), sum(a) FROM {table}") == "600000\t89999700000\n"


def test_external_tables(server: Serving) -> None:
    files = {"ext": ("f", '1,"x\ny"\n2,z\n')}
    params = {
        "query": "SELECT a, b FROM ext ORDER BY a",
        "ext_structure": "a Int32, b String",
        "ext_format": "CSV",
    }

    response = requests.post(server.url, params=params, files=files, timeout=10)

    assert response.text == "1\tx\\ny\n2\tz\n"


def test_an_error_in_mid_stream_breaks_the_body(server: Serving) -> None:
    sql = "SELECT throwIf(number = 9000000) FROM numbers(10000000) SETTINGS max_block_size = 1000"

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        server.send(sql.encode())


def test_wait_end_of_query_keeps_the_status_of_a_late_error(server: Serving) -> None:
    sql = "SELECT throwIf(number = 9000000) FROM numbers(10000000) SETTINGS max_block_size = 1000"

    assert server.refused(sql, wait_end_of_query=1)[0] == 395
    assert len(server.sql("SELECT number FROM numbers(1000000)", wait_end_of_query=1)) == 6888890


def test_progress_comes_in_headers(server: Serving) -> None:
    sql = b"SELECT sum(sleepEachRow(0.01)) FROM numbers(50) SETTINGS max_block_size = 1"
    every = {"send_progress_in_http_headers": 1, "http_headers_progress_interval_ms": 20}

    response = server.send(sql, **every)

    assert response.headers["X-ClickHouse-Progress"].count("read_rows") > 2
    assert response.text == "0\n"


def test_compress_is_refused_in_words(server: Serving) -> None:
    code, text = server.refused("SELECT 1", compress=1)

    assert code == 48
    assert "Accept-" in text


def test_numbers_of_the_url_are_checked(server: Serving) -> None:
    assert server.refused("SELECT 1", session_id="numbers", session_timeout="x")[0] == 72
    assert server.refused("SELECT 1", http_headers_progress_interval_ms="x")[0] == 27
