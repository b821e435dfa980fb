"""env.example and what the services are told: both sides name the same things."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from analytics import settings
from analytics.settings import NAMES, Settings
from tests.ours import OURS

PREFIX = "ANALYTICS_"


@pytest.fixture
def sourced(exported: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in exported.items():
        monkeypatch.setenv(name, value)
    return settings.load()


def test_example_names_only_settings_that_exist(exported: dict[str, str]) -> None:
    known = {PREFIX + name.upper() for name in NAMES} | {*OURS.variables}

    assert exported
    assert set(exported) - known == set()


def test_example_sets_every_variable_that_has_no_default(
    compose_file: Path, exported: dict[str, str]
) -> None:
    required = set(re.findall(r"\$\{(\w+):\?", compose_file.read_text()))

    assert required == {"ANALYTICS_DEBEZIUM_ROLE_PASSWORD"}
    assert required <= set(exported)


def test_addresses_for_this_machine_are_published(
    sourced: Settings, services: dict[str, Any]
) -> None:
    published = {port.rpartition(":")[0] for s in services.values() for port in s["ports"]}
    names = ("postgres_url", "clickhouse_url", "connect_url")

    used = {urlsplit(sourced.need(name)).netloc.rpartition("@")[2] for name in names}

    assert used | {sourced.need("kafka_bootstrap_servers")} <= published


def test_kafka_advertises_one_address_inside_and_one_for_this_machine(
    sourced: Settings, services: dict[str, Any]
) -> None:
    inside = sourced.need("kafka_internal_bootstrap_servers")
    listeners = services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")

    assert listeners == [f"INSIDE://{inside}", f"HOST://{sourced.need('kafka_bootstrap_servers')}"]
    assert services["connect"]["environment"]["BOOTSTRAP_SERVERS"] == inside


def test_internal_postgres_address_names_the_service(
    sourced: Settings, services: dict[str, Any]
) -> None:
    host, _, port = sourced.need("postgres_internal_address").partition(":")

    assert host in services
    assert services[host]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_databases_in_the_urls_are_the_ones_that_the_images_create(
    sourced: Settings, services: dict[str, Any]
) -> None:
    postgres = services["postgres"]["environment"]["POSTGRES_DB"]
    clickhouse = services["clickhouse"]["environment"]["CLICKHOUSE_DB"]

    assert settings.database_of(sourced.postgres_sqlalchemy_url) == postgres
    assert settings.database_of(sourced.clickhouse_sqlalchemy_url) == clickhouse


def test_connect_may_read_the_role_password_and_no_other_variable(
    services: dict[str, Any],
) -> None:
    environment = services["connect"]["environment"]
    allowed = environment["CONNECT_CONFIG_PROVIDERS_ENV_PARAM_ALLOWLIST_PATTERN"]

    readable = [name for name in environment if re.fullmatch(allowed, name)]

    assert readable == ["ANALYTICS_DEBEZIUM_ROLE_PASSWORD"]
