"""Settings that cannot be used: the variable is named, and the form that it must have."""

import os

import pytest

from tests.refusals.walk import walks

SCRIPT = "alembic upgrade head --sql"


@walks("settings/value.py: {} is {}")
@pytest.mark.parametrize("key", ["settings/value.py: {} is {}"])
@pytest.mark.parametrize(
    ("variable", "value"), [("LOCK_TIMEOUT", "60"), ("REBUILD_CHUNK", "1"), ("GUARDED", "false")]
)
def test_a_value_of_another_type(key, variable, value, site, monkeypatch):
    monkeypatch.setenv(f"ANALYTICS_{variable}", "soon")
    said = site.refused(SCRIPT, f"ANALYTICS_{variable} is soon")
    wanted = {"60": "such as 60", "1": "a whole number", "false": "true or false"}
    assert wanted[value] in said.text

    monkeypatch.setenv(f"ANALYTICS_{variable}", value)

    site.passes(SCRIPT)


@walks("settings/sources.py: ANALYTICS_SECRETS_DIR={} is not a folder")
def test_a_folder_of_secrets_that_is_none(site, monkeypatch):
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder / "nowhere"))
    site.refused(SCRIPT, str(site.folder / "nowhere"))

    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder))

    site.passes(SCRIPT)


@walks("settings/sources.py: the file of {} cannot be read ({})")
def test_a_file_of_a_secret_that_is_no_text(site, monkeypatch):
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(site.folder / "secrets"))
    file = site.write("secrets/analytics_namespace", "")
    file.write_bytes(b"\xff")
    site.refused(SCRIPT, "ANALYTICS_NAMESPACE", str(file.parent))

    file.unlink()

    site.passes(SCRIPT)


@walks("environment.py: -x {}: no such setting; use url or a name of Settings")
def test_a_setting_on_the_command_line_that_does_not_exist(site):
    site.refused(f"alembic -x guard=false {SCRIPT[8:]}", "-x guard")

    site.passes(f"alembic -x guarded=false {SCRIPT[8:]}")


@walks("cli/local.py: no service runs")
def test_the_addresses_of_a_stack_that_is_down(site):
    said = site.refused("analytics local env", "no service runs")

    assert said.commands == ["analytics local up"]


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
@pytest.mark.services
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
@pytest.mark.services
@pytest.mark.parametrize("key", REFUSED)
def test_a_user_that_a_server_refuses(key, stores, monkeypatch):
    server, there, other = REFUSED[key]
    right = os.environ[f"ANALYTICS_{server}_URL"]
    monkeypatch.setenv(f"ANALYTICS_{server}_URL", right.replace(there, other))
    stores.refused("analytics status", "nobody", f"ANALYTICS_{server}_URL")

    monkeypatch.setenv(f"ANALYTICS_{server}_URL", right)

    stores.passes("analytics status")


@walks("postgres/explain.py: {} has no database {}")
@pytest.mark.services
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
@pytest.mark.services
def test_a_database_that_clickhouse_lacks(stores, databases, monkeypatch):
    missing = f"{databases.name}_more"
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", f"{databases.clickhouse_url}_more")
    said = stores.refused("analytics upgrade", missing)

    databases.clickhouse(*said.statements)

    stores.passes("analytics upgrade")
    stores.passes("analytics downgrade base")
    databases.clickhouse(f"DROP DATABASE {missing}")
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", databases.clickhouse_url)


@walks("settings/value.py: ANALYTICS_{} is not set")
@pytest.mark.services
def test_an_address_that_is_not_set(stores, monkeypatch):
    right = os.environ["ANALYTICS_POSTGRES_URL"]
    monkeypatch.delenv("ANALYTICS_POSTGRES_URL")
    stores.refused("analytics upgrade", "ANALYTICS_POSTGRES_URL is not set")

    secret = stores.write("secrets/analytics_postgres_url", f"{right}\n")
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(secret.parent))

    stores.passes("analytics upgrade")
