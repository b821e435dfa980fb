"""Named collections in statements: what the engine gets instead."""

from __future__ import annotations

import pytest

from analytics.local.embedded.collections.expansion import expand
from analytics.local.embedded.collections.registry import Collection
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.scan import scan

POSTGRES = {"host": "pg", "port": "5433", "user": "u", "password": "it's", "database": "d"}
COLLECTIONS = {
    "pg": Collection("pg", POSTGRES, {"password": False}),
    "kf": Collection("kf", {"kafka_broker_list": "b:1", "kafka_group_name": "g", "x": "y"}, {}),
    "bucket": Collection("bucket", {"url": "http://s/", "access_key_id": "k"}, {}),
    "secrets": Collection(
        "secrets", {"url": "http://s/", "access_key_id": "k", "secret_access_key": "z"}, {}
    ),
}
ADDRESS = r"'pg:5433', 'd', 't', 'u', 'it\'s'"


def expanded(text: str) -> str:
    return expand(scan(text.encode()), COLLECTIONS).statement.text.decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT * FROM postgresql(pg, table = 't')", f"SELECT * FROM postgresql({ADDRESS})"),
        (
            "SELECT * FROM postgresql(`pg`, table='t', schema = 's', database='e')",
            r"SELECT * FROM postgresql('pg:5433', 'e', 't', 'u', 'it\'s', 's')",
        ),
        (
            "CREATE TABLE t (a Int8) ENGINE = PostgreSQL(pg, table = 't') COMMENT 'c'",
            f"CREATE TABLE t (a Int8) ENGINE = PostgreSQL({ADDRESS}) COMMENT 'c'",
        ),
        (
            "CREATE DATABASE p ENGINE = PostgreSQL(pg, schema='s')",
            r"CREATE DATABASE p ENGINE = PostgreSQL('pg:5433', 'd', 'u', 'it\'s', 's')",
        ),
        (
            "INSERT INTO FUNCTION postgresql(pg, table='t') SELECT 1",
            f"INSERT INTO FUNCTION postgresql({ADDRESS}) SELECT 1",
        ),
        (
            "SELECT * FROM url(bucket, filename='f.csv', format='CSV')",
            None,
        ),
        (
            "SELECT * FROM s3(secrets, filename = 'f.csv', format = 'CSV')",
            "SELECT * FROM s3('http://s/f.csv', 'k', 'z', 'CSV')",
        ),
    ],
)
def test_functions_and_engines(text: str, found: str | None) -> None:
    if found is None:
        with pytest.raises(DBError, match="Unexpected key `access_key_id`"):
            expanded(text)
        return

    assert expanded(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "CREATE TABLE k (a Int8) ENGINE = Kafka(kf) SETTINGS kafka_topic_list = 't'",
            "CREATE TABLE k (a Int8) ENGINE = Kafka SETTINGS kafka_broker_list = 'b:1', "
            "kafka_group_name = 'g', kafka_topic_list = 't'",
        ),
        (
            "CREATE TABLE k (a Int8) ENGINE = Kafka(kf, kafka_num_consumers = 2)",
            "CREATE TABLE k (a Int8) ENGINE = Kafka SETTINGS kafka_broker_list = 'b:1', "
            "kafka_group_name = 'g', kafka_num_consumers = 2",
        ),
        (
            "CREATE TABLE k (a Int8) ENGINE = Kafka(kf) SETTINGS kafka_group_name = 'own'",
            "CREATE TABLE k (a Int8) ENGINE = Kafka SETTINGS kafka_broker_list = 'b:1', "
            "kafka_group_name = 'own'",
        ),
    ],
)
def test_kafka_takes_settings(text: str, found: str) -> None:
    assert expanded(text) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "NAME pg TABLE 't' SCHEMA 's'",
            r"HOST 'pg' PORT '5433' USER 'u' PASSWORD 'it\'s' DB 'd' TABLE 't' SCHEMA 's'",
        ),
        (
            "NAME pg DB 'e' QUERY 'SELECT 1'",
            r"HOST 'pg' PORT '5433' USER 'u' PASSWORD 'it\'s' DB 'e' QUERY 'SELECT 1'",
        ),
    ],
)
def test_a_dictionary_source(source: str, found: str) -> None:
    dictionary = (
        "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(POSTGRESQL({})) LAYOUT(FLAT())"
    )

    assert expanded(dictionary.format(source)) == dictionary.format(found)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT postgresql(a, b) FROM pg",
        "SELECT 'postgresql(pg)' -- postgresql(pg, table='t')",
        "SELECT * FROM postgresql(other, table='t')",
        "SELECT * FROM postgresql('pg:1', 'd', 't', 'u', 'p')",
        "SELECT toString(pg) FROM t",
        "EXPLAIN AST SELECT * FROM postgresql(pg, table='t')",
        "CREATE TABLE k (a Int8) ENGINE = Kafka SETTINGS kafka_topic_list = 't'",
    ],
)
def test_what_names_no_collection_stays(text: str) -> None:
    assert expanded(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT * FROM postgresql(pg, table='t', password='other')", 36),
        ("CREATE DICTIONARY d (a UInt64) SOURCE(POSTGRESQL(NAME pg PASSWORD 'other'))", 36),
        ("CREATE DICTIONARY d (a UInt64) SOURCE(POSTGRESQL(NAME nobody))", 669),
        ("SELECT * FROM postgresql(pg, schema='s')", 36),
        ("SELECT * FROM postgresql(pg, 't')", 62),
        ("SELECT * FROM postgresql(pg, table='t'", 62),
        ("SELECT * FROM postgresql(pg, table=)", 62),
        ("CREATE DATABASE d ENGINE = S3(pg)", 36),
        ("CREATE DICTIONARY d (a UInt64) SOURCE(POSTGRESQL(NAME", 62),
    ],
)
def test_what_cannot_be_expanded(text: str, code: int) -> None:
    with pytest.raises(DBError) as refused:
        expanded(text)

    assert refused.value.code == code
    assert "it's" not in refused.value.text


def test_the_values_that_no_error_may_show() -> None:
    assert expand(scan(b"SELECT * FROM postgresql(pg, table='t')"), COLLECTIONS).secrets == {"it's"}
