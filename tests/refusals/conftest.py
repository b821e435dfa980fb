"""The sites of the walks: a project without servers, and one with stores of its own."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import CommandLine

from analytics.cli import main
from analytics.settings import ADDRESSES, Settings
from tests.conftest import Databases, Outcome
from tests.refusals.walk import Site


@pytest.fixture
def site(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Site]:
    """A project without servers, and the current folder in it."""
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(tmp_path / ".local"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file is edited within one second

    def execute(program: str, *arguments: str) -> Outcome:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", [program, *arguments])
        code = 0
        try:
            {"analytics": main, "alembic": CommandLine().main}[program]()
        except SystemExit as end:
            code = int(end.code or 0)
        logging.getLogger().handlers.clear()  # of Alembic, on a stream that ends with this test
        return Outcome(code, *capfd.readouterr())

    callspec = getattr(request.node, "callspec", None)
    case = callspec.params.get("key") if callspec else None
    keys = (case,) if case else request.function.walked
    made = Site(tmp_path, execute, keys)
    made.project()
    yield made
    assert made.met == set(keys)


@pytest.fixture
def databases(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Databases]:
    """Two empty databases, named in the environment; a walk leaves them as it found them."""
    name = f"t_{secrets.token_hex(4)}"
    addresses = {each: stack.need(each) for each in ADDRESSES}
    for each in ("postgres_url", "clickhouse_url"):
        addresses[each] = f"{addresses[each].rpartition('/')[0]}/{name}"
    for each, value in addresses.items():
        monkeypatch.setenv(f"ANALYTICS_{each.upper()}", value)
    pair = Databases(addresses["postgres_url"], addresses["clickhouse_url"])
    server = Databases(
        pair.postgres_url.replace(name, "postgres"), pair.clickhouse_url.replace(name, "default")
    )
    with server.postgres() as admin:
        admin.execute(f"CREATE DATABASE {name}")
    server.clickhouse(f"CREATE DATABASE {name} ENGINE = Atomic")
    yield pair
    server.clickhouse(f"DROP DATABASE IF EXISTS {name}")
    with server.postgres() as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def stores(databases: Databases, site: Site) -> Iterator[Site]:
    """The same with two stores of its own; what the project has made there can be taken back."""
    yield site
    site.passes("analytics downgrade base --allow-data-loss")
    assert _left(databases) == set()


def _left(databases: Databases) -> set[str]:
    """What is there when both histories are at base, but for our records."""
    with databases.postgres() as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "UNION SELECT slot_name FROM pg_replication_slots WHERE database = current_database() "
            "UNION SELECT pubname FROM pg_publication"
        ).fetchall()
    there = databases.clickhouse(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
    )
    names = {str(name) for (name,) in [*tables, *there]}
    return {name for name in names if not name.startswith(("analytics_", "alembic_"))}
