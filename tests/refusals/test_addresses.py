"""Addresses of the stores that cannot be used: each server says which, and the form it needs."""

import os

import pytest

from tests.refusals.walk import walks

pytestmark = pytest.mark.services

ADDRESSES = {
    "settings/value.py: {} is not a URL": ("POSTGRES", "127.0.0.1/shop", "is not a URL"),
    "settings/value.py: ANALYTICS_POSTGRES_URL starts with {}://": (
        "POSTGRES",
        "mysql://nobody@127.0.0.1/shop",
        "mysql://",
    ),
    "settings/value.py: ANALYTICS_CLICKHOUSE_URL starts with {}://": (
        "CLICKHOUSE",
        "tcp://127.0.0.1:9000/shop",
        "tcp://",
    ),
    "settings/value.py: the port in {} is not a number up to 65535": (
        "POSTGRES",
        "postgresql://nobody:p#word@127.0.0.1:http/shop",
        "ANALYTICS_POSTGRES_URL",
    ),
    "postgres/explain.py: {} does not answer ({})": (
        "POSTGRES",
        "postgresql://nobody@127.0.0.1:1/shop",
        "PostgreSQL at 127.0.0.1:1",
    ),
    "clickhouse/explain.py: {} does not answer{}": (
        "CLICKHOUSE",
        "clickhouse+http://127.0.0.1:1/shop",
        "ClickHouse at 127.0.0.1:1",
    ),
}


@walks(*ADDRESSES)
@pytest.mark.parametrize("key", ADDRESSES)
def test_an_address_that_cannot_be_used(key, stores, monkeypatch):
    server, value, named = ADDRESSES[key]
    right = os.environ[f"ANALYTICS_{server}_URL"]
    monkeypatch.setenv(f"ANALYTICS_{server}_URL", value)
    said = stores.refused("analytics status", named)
    assert f"ANALYTICS_{server}_URL" in said.text and "p#word" not in said.text

    monkeypatch.setenv(f"ANALYTICS_{server}_URL", right)

    stores.passes("analytics status")


REFUSED = {
    "postgres/explain.py: {} refuses user {}": ("POSTGRES", "//postgres:", "//nobody:"),
    "clickhouse/explain.py: {} refuses user {}": ("CLICKHOUSE", "//default", "//nobody"),
}


@walks(*REFUSED)
@pytest.mark.parametrize("key", REFUSED)
def test_a_user_that_a_server_refuses(key, stores, monkeypatch):
    server, there, other = REFUSED[key]
    right = os.environ[f"ANALYTICS_{server}_URL"]
    monkeypatch.setenv(f"ANALYTICS_{server}_URL", right.replace(there, other))
    stores.refused("analytics status", "nobody", f"ANALYTICS_{server}_URL")

    monkeypatch.setenv(f"ANALYTICS_{server}_URL", right)

    stores.passes("analytics status")


@walks("postgres/explain.py: {} has no database {}")
def test_a_database_that_postgresql_lacks(stores, databases, monkeypatch):
    missing = f"{databases.name}_more"
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", f"{databases.postgres_url}_more")
    said = stores.refused("analytics upgrade", missing)

    with databases.postgres() as connection:
        connection.execute(*said.statements)
        stores.passes("analytics upgrade")
        stores.passes("analytics downgrade base")
        connection.execute(f"DROP DATABASE {missing} WITH (FORCE)")
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", databases.postgres_url)


@walks("clickhouse/explain.py: {} has no database {}")
def test_a_database_that_clickhouse_lacks(stores, databases, monkeypatch):
    missing = f"{databases.name}_more"
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", f"{databases.clickhouse_url}_more")
    said = stores.refused("analytics upgrade", missing)

    databases.clickhouse(*said.statements)

    stores.passes("analytics upgrade")
    stores.passes("analytics downgrade base")
    databases.clickhouse(f"DROP DATABASE {missing}")
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", databases.clickhouse_url)


@walks("settings/value.py: {} is not set")
def test_an_address_that_is_not_set(stores, monkeypatch):
    right = os.environ["ANALYTICS_POSTGRES_URL"]
    monkeypatch.delenv("ANALYTICS_POSTGRES_URL")
    stores.refused("analytics upgrade", "ANALYTICS_POSTGRES_URL is not set")

    secret = stores.write("secrets/analytics_postgres_url", f"{right}\n")
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(secret.parent))

    stores.passes("analytics upgrade")


@walks("placeholders/computed.py: {} names no database")
def test_an_address_without_the_database_that_names_derive_from(stores, monkeypatch):
    right = os.environ["ANALYTICS_POSTGRES_URL"]
    stores.revise("postgres", "0001", 'op.drop_role("debezium")')
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", right.rpartition("/")[0])
    stores.refused("analytics plan", "ANALYTICS_POSTGRES_URL names no database", "/database")

    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", right)

    stores.passes("analytics plan")
