"""Data on their way in, byte for byte."""

from __future__ import annotations

import pytest

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services

FORMATS = [
    *["TabSeparated", "TabSeparatedWithNames", "CSV", "CSVWithNames", "Values", "JSON"],
    *[
        "JSONEachRow",
        "JSONCompactEachRow",
        "JSONColumns",
        "RowBinary",
        "RowBinaryWithNamesAndTypes",
    ],
    *["Native", "Parquet", "Arrow", "ArrowStream", "Avro", "MsgPack", "ORC", "TSKV", "BSONEachRow"],
]
SOURCE = (
    "SELECT toInt32(number) AS a, concat('x\\n\",\\'\\\\;', toString(number)) AS s "
    "FROM numbers({rows}) FORMAT {form}"
)
SUM = "SELECT count(), sum(cityHash64(a, s)) FROM rows"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("rows", [10, 200_000])
def test_every_format_survives_the_way_out_and_in(
    server: Serving, table: str, form: str, rows: int
) -> None:
    data = server.send(SOURCE.format(rows=rows, form=form).encode()).content

    in_url = server.send(data, query=f"INSERT INTO {table} FORMAT {form}")
    in_body = server.send(f"INSERT INTO {table} FORMAT {form}\n".encode() + data)

    assert (in_url.status_code, in_body.status_code) == (200, 200)
    expected = server.sql(
        "SELECT 2 * count(), 2 * sum(cityHash64(toInt32(number), "
        f"concat('x\\n\",\\'\\\\;', toString(number)))) FROM numbers({rows})"
    )
    assert server.sql(SUM) == expected


@pytest.mark.parametrize(
    ("query", "data", "rows"),
    [
        ("INSERT INTO rows VALUES (1, 'a;b'), (2, 'x')", b"", 2),
        ("INSERT INTO rows VALUES", b"(1, 'a'), (2, 'b')", 2),
        ("INSERT INTO rows VALUES (1, 'a')", b", (2, 'b')", 2),
        ("INSERT INTO rows (a)", b"VALUES (1)", 1),
        ("INSERT INTO rows FORMAT", b"CSV 1,x", 1),
        ("INSERT INTO rows SETTINGS max_threads = 1 FORMAT CSV", b"1,x\n", 1),
        ('INSERT INTO rows FORMAT CSV 1,"a\nb"', b"2,x", 2),
        ("INSERT INTO rows SELECT a + 1, s FROM input('a Int32, s String') FORMAT CSV", b"1,x", 1),
        ("INSERT INTO rows SELECT number, 'x' FROM numbers(3)", b"", 3),
        ("WITH 'x' AS s INSERT INTO rows SELECT 1, s", b"", 1),
        ("INSERT INTO rows VALUES", b"", 0),
        ("INSERT INTO rows FORMAT JSONEachRow", b"", 0),
    ],
)
def test_where_statement_and_data_come_from(
    server: Serving, table: str, query: str, data: bytes, rows: int
) -> None:
    response = server.send(data, query=query)

    assert response.status_code == 200, response.text
    assert server.sql(f"SELECT count() FROM {table}") == f"{rows}\n"


def test_parameters_in_values(server: Serving, table: str) -> None:
    server.send(
        query=f"INSERT INTO {table} VALUES ({{a:Int32}}, {{s:String}})", param_a=7, param_s="x"
    )

    assert server.sql(f"SELECT * FROM {table}") == "7\tx\n"


def test_async_insert_is_accepted(server: Serving, table: str) -> None:
    server.sql(f"INSERT INTO {table} VALUES (1, 'x')", async_insert=1, wait_for_async_insert=1)

    assert server.sql(f"SELECT count() FROM {table}") == "1\n"


def test_a_row_that_cannot_be_read_leaves_nothing(server: Serving, table: str) -> None:
    response = server.send(b"1,x\n2,y\nnonsense\n", query=f"INSERT INTO {table} FORMAT CSV")

    assert response.status_code == 400
    assert "/proc/" not in response.text
    assert server.sql(f"SELECT count() FROM {table}") == "0\n"
