"""Names that derive from the databases, and secrets that stay where they are."""

import re
from dataclasses import replace

import pytest

from analytics.errors import DefinitionError, SettingError
from analytics.placeholders import placeholders
from analytics.settings import Settings
from tests.ours import OURS

SETTINGS = Settings(
    ini=OURS,
    postgres_url="postgresql://u:p@pg:5433/shop",
    clickhouse_url="http://ch:8123/shop_analytics",
    kafka_bootstrap_servers="k1:9092,k2:9092",
    secrets={"clickhouse_role_password": "hush"},
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("namespace", "shop"),
        ("topic", "shop_events"),
        ("slot", "shop_slot"),
        ("debezium_role", "shop_debezium"),
        ("group", "clickhouse_shop_analytics"),
        ("kafka_collection", "shop_analytics_kafka"),
        ("kafka_brokers", "k1:9092,k2:9092"),
        ("postgres_host", "pg"),
        ("postgres_port", "5433"),
        ("postgres_database", "shop"),
    ],
)
def test_names_derive_from_the_databases(name, value):
    assert placeholders(SETTINGS).fill(f"<${{{name}}}>") == f"<{value}>"


def test_a_namespace_that_is_set_wins():
    named = replace(SETTINGS, namespace="other")

    assert placeholders(named).fill("${topic} ${slot}") == "other_events other_slot"


def test_a_database_name_becomes_one_that_slots_accept():
    odd = Settings(ini=OURS, postgres_url="postgresql://h/My-Shop.1")

    assert placeholders(odd).fill("${slot}") == "my_shop_1_slot"


def test_other_systems_see_the_addresses_that_are_theirs():
    inside = replace(
        SETTINGS,
        postgres_internal_address="postgres:5432",
        kafka_internal_bootstrap_servers="kafka:19092",
    )

    filled = placeholders(inside).fill("${postgres_host}:${postgres_port} ${kafka_brokers}")
    assert filled == "postgres:5432 kafka:19092"


def test_a_secret_is_filled_in_for_sending_only():
    names = placeholders(SETTINGS)

    assert names.fill("'${clickhouse_role_password}'") == "'${clickhouse_role_password}'"
    assert names.reveal("'${clickhouse_role_password}'") == "'hush'"


def test_a_secret_with_a_quote_stays_in_its_literal():
    names = placeholders(replace(SETTINGS, secrets={"clickhouse_role_password": "hu'sh"}))

    assert names.reveal("'${clickhouse_role_password}'") == "'hu''sh'"


def test_what_kafka_does_without_is_empty_and_nothing_is_missing():
    names, text = placeholders(SETTINGS), "${kafka_security_protocol}<${kafka_password}>"

    assert names.reveal(text + "<${kafka_sasl_mechanism}${kafka_username}>") == "PLAINTEXT<><>"
    assert names.secrets(text) == set()


def test_a_login_at_kafka_is_filled_in_and_its_password_is_needed():
    login = replace(SETTINGS, kafka_security_protocol="sasl_ssl", kafka_username="me")
    named = "${kafka_security_protocol} ${kafka_sasl_mechanism} ${kafka_username}"
    whole = placeholders(replace(login, kafka_password="hush"))

    assert whole.fill(named) == "SASL_SSL SCRAM-SHA-512 me"
    assert whole.fill("${kafka_password}") == "${kafka_password}"
    assert placeholders(login).secrets("${kafka_password}") == {"kafka_password"}


def test_what_belongs_to_kafka_connect_passes_through():
    assert placeholders(SETTINGS).fill("${env:X} ${file:/a:b}") == "${env:X} ${file:/a:b}"


def test_an_unknown_placeholder_is_named_with_those_there_are():
    with pytest.raises(
        DefinitionError, match=r"\$\{topics\} is no placeholder: use one of: .*topic"
    ):
        placeholders(SETTINGS).fill("${topics}")


def test_a_value_that_is_missing_is_asked_for_or_left_as_it_is_written():
    with pytest.raises(SettingError, match="ANALYTICS_DEBEZIUM_ROLE_PASSWORD"):
        placeholders(SETTINGS).reveal("${debezium_role_password}")

    lenient = placeholders(Settings(ini=OURS), lenient=True)
    assert lenient.fill("${kafka_brokers} ${slot}") == "${kafka_brokers} ${slot}"


@pytest.mark.parametrize(
    "text", ["${env:SECRET}", "${file:/run/x:key}", "${Topic}", "${topic2}", "${_x}"]
)
def test_what_clickhouse_would_take_literally_is_refused(text):
    with pytest.raises(DefinitionError, match=re.escape(f"{text} is no placeholder")):
        placeholders(SETTINGS).fill_all(f"CREATE NAMED COLLECTION c AS password = '{text}'")

    secret = "password = '${clickhouse_role_password}' AND match(x, '^a{1}$') AND '${'"
    assert placeholders(SETTINGS).fill_all(secret) == secret
