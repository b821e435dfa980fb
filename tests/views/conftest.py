"""Where the reports under test come from: the histories on the local stack, or a given database."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from analytics.settings import Settings, local_dir
from tests.conftest import ADMIN_DATABASE, ROOT, Databases
from tests.views.compare import Row
from tests.views.ledger import Experiment, Step, ledger
from tests.views.warehouse import Order, Warehouse, backwards

Reports = Callable[[str], list[Row]]

GIVEN = "REPORTS_CLICKHOUSE"  # http://host:port/database with the reports, dictionaries as tables


@pytest.fixture(scope="session")
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """The reports under test."""
    if given := os.environ.get(GIVEN):
        url, _, database = given.rpartition("/")
        return Warehouse(url, database, _publish_to_table)
    return migrated_warehouse(request.getfixturevalue("histories"))


@pytest.fixture
def reports(warehouse: Warehouse) -> Callable[..., Reports]:
    """Tell what was done and get the reports of it, by name."""

    def told(*steps: Step, order: Order = backwards) -> Reports:
        book = warehouse.load(ledger(*steps), order)
        return lambda name: [_bare(row, book.prefix) for row in warehouse.report(name, book)]

    return told


def _bare(row: Row, prefix: str) -> Row:
    """A row without the prefix of its names."""
    return {
        name: value.removeprefix(prefix) if isinstance(value, str) else value
        for name, value in row.items()
    }


@pytest.fixture(scope="session")
def histories(stack: Settings) -> Iterator[Databases]:
    """A pair of databases with both histories at their heads, for all tests of reports."""
    with migrated(stack) as pair:
        yield pair


@contextmanager
def migrated(stack: Settings) -> Iterator[Databases]:
    """A pair of fresh databases with both histories at their heads."""
    name = f"t_{secrets.token_hex(4)}"
    postgres_url = stack.need("postgres_url").rpartition("/")[0]
    clickhouse_url = stack.need("clickhouse_url").rpartition("/")[0]
    pair = Databases(f"{postgres_url}/{name}", f"{clickhouse_url}/{name}")
    server = Databases(postgres_url, f"{clickhouse_url}/default")
    with psycopg.connect(f"{postgres_url}/{ADMIN_DATABASE}", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        server.clickhouse(f"CREATE DATABASE {name} ENGINE = Atomic")
        _move(command.upgrade, pair, stack, sections=("alembic", "clickhouse"))
        with pair.postgres() as connection:  # the reports stand two controls, this would not
            connection.execute("DROP INDEX experiments.variants_one_control")
        yield pair
        _move(command.downgrade, pair, stack, sections=("clickhouse", "alembic"))
        server.clickhouse(f"DROP DATABASE {name}")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrated_warehouse(pair: Databases) -> Warehouse:
    """The reports of such a pair."""
    url, _, database = pair.clickhouse_url.removeprefix("clickhouse+").rpartition("/")
    return Warehouse(url.replace("default@", ""), database, _publisher(pair))


def _move(
    verb: Callable[..., None], pair: Databases, stack: Settings, *, sections: Sequence[str]
) -> None:
    """All of the given histories, up or down."""
    target = "head" if verb is command.upgrade else "base"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("ANALYTICS_POSTGRES_URL", pair.postgres_url)
        patch.setenv("ANALYTICS_CLICKHOUSE_URL", pair.clickhouse_url)
        patch.setenv("ANALYTICS_CONNECT_URL", stack.need("connect_url"))
        patch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", stack.need("kafka_bootstrap_servers"))
        patch.setenv("ANALYTICS_SECRETS_DIR", str(local_dir(stack.ini) / "secrets"))
        for section in sections:
            verb(Config(str(ROOT / "alembic.ini"), ini_section=section), target)


def _publisher(pair: Databases) -> Callable[[Warehouse, Sequence[Experiment]], None]:
    """Reference data through PostgreSQL and the dictionary."""

    def publish(_: Warehouse, experiments: Sequence[Experiment]) -> None:
        with pair.postgres() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO experiments.experiments (id, name) VALUES (%s, 'One')",
                [(each.id,) for each in experiments],
            )
            cursor.executemany(
                "INSERT INTO experiments.variants (experiment_id, id, name, is_control, allocation)"
                " VALUES (%s, %s, %s, %s, %s)",
                [
                    (each.id, v.id, v.name, v.is_control, v.allocation)
                    for each in experiments
                    for v in each.variants
                ],
            )
        pair.clickhouse("SYSTEM RELOAD DICTIONARY variants_dict")

    return publish


def _publish_to_table(warehouse: Warehouse, experiments: Sequence[Experiment]) -> None:
    rows = (
        {
            "experiment_id": each.id,
            "variant_id": v.id,
            "name": v.name,
            "is_control": int(v.is_control),
            "allocation": v.allocation,
        }
        for each in experiments
        for v in each.variants
    )
    lines = "\n".join(json.dumps(row) for row in rows)
    warehouse.query(f"INSERT INTO variants_dict FORMAT JSONEachRow\n{lines}")
