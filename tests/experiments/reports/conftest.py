"""A ClickHouse with tables in place of the views, each with the columns that the docs name.

What the views compute is tested elsewhere; here rows are put where the command reads them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from analytics.cli.report import report
from tests.experiments.reports import documented
from tests.local.embedded.serving import Serving, start

KNOWN = ("events_processed", "assignments_processed", "experiments_dict")


@dataclass(frozen=True)
class Database:
    """A database of one test."""

    server: Serving
    name: str

    def sql(self, statement: str) -> str:
        return self.server.sql(statement, database=self.name)

    def insert(self, table: str, *rows: dict[str, Any]) -> None:
        lines = "\n".join(json.dumps(row) for row in rows)
        self.sql(f"INSERT INTO {table} FORMAT JSONEachRow\n{lines}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = start(tmp_path_factory.mktemp("reports") / "data")
    yield serving
    serving.stop()


@pytest.fixture
def bare(server: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty database, named in the environment."""
    name = f"t_{secrets.token_hex(4)}"
    server.sql(f"CREATE DATABASE {name} ENGINE = Atomic")
    address = f"clickhouse+http://default@127.0.0.1:{server.port}/{name}"
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", address)
    yield Database(server, name)
    server.sql(f"DROP DATABASE {name}")


@pytest.fixture
def database(bare: Database) -> Database:
    """What the reports read, and the experiment `checkout` without any row."""
    for view, columns in documented.columns().items():
        wanted = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        bare.sql(f"CREATE TABLE {view} ({wanted}) ENGINE = Memory")
    for table in KNOWN:
        bare.sql(f"CREATE TABLE {table} (experiment_id String) ENGINE = Memory")
    bare.insert("experiments_dict", {"experiment_id": "checkout"})
    return bare


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`analytics report ...` on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(report, arguments)

    return invoke
