"""Unmodified clients."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.external import ExternalData
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Engine

from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.services


@pytest.fixture
def client(server: Serving) -> Iterator[Client]:
    with clickhouse_connect.get_client(port=server.port, user="anna", password="secret") as client:
        yield client


@pytest.fixture
def engine(server: Serving) -> Iterator[Engine]:
    engine = create_engine(f"clickhouse+http://anna:secret@127.0.0.1:{server.port}/default")
    yield engine
    engine.dispose()


def test_connect_inserts_and_reads(client: Client, table: str) -> None:
    rows = [[number, f"x\n{number}"] for number in range(1000)]

    client.insert(table, rows, column_names=["a", "s"])

    assert client.query(f"SELECT * FROM {table} ORDER BY a").result_rows == [
        tuple(row) for row in rows
    ]


def test_connect_streams(client: Client) -> None:
    with client.query_rows_stream("SELECT number FROM numbers(300000)") as stream:
        assert sum(row[0] for row in stream) == 44999850000


def test_connect_binds_parameters(client: Client) -> None:
    found = client.query(
        "SELECT {a:Int32}, {b:String}, {c:Array(String)}, {d:Nullable(String)}",
        parameters={"a": 1, "b": "it's", "c": ["x", "y"], "d": None},
    )

    assert found.first_row == (1, "it's", ["x", "y"], None)


def test_connect_sends_external_tables(client: Client) -> None:
    ext = ExternalData(
        file_name="ext.csv", data=b"1,x\n2,y\n", fmt="CSV", structure="a Int32, b String"
    )

    assert client.query("SELECT sum(a) FROM ext", external_data=ext).first_row == (3,)


def test_connect_raises_what_the_server_says(client: Client) -> None:
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        client.query("SELECT * FROM nothing")


def test_connect_knows_what_was_written(client: Client, table: str) -> None:
    summary = client.command(f"INSERT INTO {table} SELECT number, 'x' FROM numbers(7)")

    assert summary.written_rows == 7


def test_sqlalchemy_executes(engine: Engine, table: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"INSERT INTO {table} (a, s) VALUES (1, 'x')"))
        rows = connection.execute(text(f"SELECT a, s FROM {table}")).fetchall()

    assert rows == [(1, "x")]


def test_sqlalchemy_reflects(engine: Engine, table: str) -> None:
    columns = inspect(engine).get_columns(table)

    assert [column["name"] for column in columns] == ["a", "s"]


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_posts_and_gets(server: Serving, table: str) -> None:
    def curl(*arguments: str, data: bytes = b"") -> str:
        command = ["curl", "-sS", "-u", "anna:secret", *arguments]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()

    insert = f"{server.url}?query=INSERT+INTO+{table}+FORMAT+CSV"
    curl(insert, "--data-binary", "@-", data=b"1,x\n" * 400_000)

    assert curl(server.url, "-d", f"SELECT count() FROM {table}") == "400000\n"
    assert curl("--compressed", f"{server.url}?query=SELECT+1&enable_http_compression=1") == "1\n"
