"""Where the reports under test come from: the histories on the local stack, or a given database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence

import psycopg
import pytest
import requests
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, settings

from analytics.settings import Settings
from tests.conftest import ADMIN_DATABASE, ROOT, Databases
from tests.reports.ledger import Experiment
from tests.reports.warehouse import Warehouse

GIVEN = "REPORTS_CLICKHOUSE"  # url/database with the reports, where dictionaries are tables

unhurried = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("reports", max_examples=25, **unhurried)
settings.register_profile("reports-thorough", max_examples=1000, **unhurried)
THOROUGH = "REPORTS_THOROUGH"
PROFILE = settings.get_profile("reports-thorough" if THOROUGH in os.environ else "reports")


@pytest.fixture(scope="session")
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """The reports under test."""
    if given := os.environ.get(GIVEN):
        return _given(*given.rsplit("/", 1))
    pair: Databases = request.getfixturevalue("reporting")
    url, _, database = pair.clickhouse_url.removeprefix("clickhouse+").rpartition("/")
    return Warehouse(url.replace("default@", ""), database, lambda known: _publish(pair, known))


@pytest.fixture(scope="session")
def reporting(stack: Settings) -> Iterator[Databases]:
    """Databases with both histories at head, for all tests of reports."""
    name = f"t_{secrets.token_hex(4)}"
    postgres = stack.need("postgres_url").rpartition("/")[0]
    clickhouse = stack.need("clickhouse_url").rpartition("/")[0]
    pair = Databases(f"{postgres}/{name}", f"{clickhouse}/{name}")
    admin = psycopg.connect(f"{postgres}/{ADMIN_DATABASE}", autocommit=True)
    server = Databases(pair.postgres_url, f"{clickhouse}/default")
    admin.execute(f"CREATE DATABASE {name}")
    server.clickhouse(f"CREATE DATABASE {name} ENGINE = Atomic")
    _move(command.upgrade, pair, stack)
    with pair.postgres() as connection:  # reports must stand two controls, the table does not
        connection.execute("DROP INDEX experiments.variants_one_control")
    yield pair
    with pair.postgres() as connection:
        connection.execute("DELETE FROM experiments.variants")
        connection.execute(TWO_CONTROLS_NO_MORE)
    _move(command.downgrade, pair, stack)
    server.clickhouse(f"DROP DATABASE {name}")
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()
