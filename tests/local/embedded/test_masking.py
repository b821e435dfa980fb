"""The query log's text holds no data and no secret."""

from __future__ import annotations

import pytest

from analytics.local.embedded.query_log.masking import shown
from analytics.local.embedded.sql.scan import scan

SECRETS = [
    "CREATE NAMED COLLECTION a AS password = 'geheim', port = 5432 NOT OVERRIDABLE",
    "ALTER NAMED COLLECTION a SET k = 'geheim' DELETE p",
    "CREATE NAMED COLLECTION a AS k = 'geheim' nonsense 'geheim'",
    "CREATE NAMED COLLECTION a AS k = 'geheim",
    "EXPLAIN CREATE NAMED COLLECTION a AS k = 'geheim'",
    "CREATE TABLE t (a Int8) PARALLEL WITH CREATE NAMED COLLECTION a AS k = 'geheim'",
    "SELECT * FROM postgresql('h:1', 'd', 't', 'u', 'geheim', 's')",
    "SELECT * FROM postgresql(pg, password = 'geheim')",
    "CREATE TABLE t (a Int8) ENGINE = MySQL('h:1', 'd', 't', 'u', 'geheim')",
    "SELECT * FROM s3('http://s/f', 'key', 'geheim', 'CSV')",
    "SELECT * FROM remote('h', 'd', 't', 'u', 'geheim')",
    "CREATE DICTIONARY d (a UInt64) SOURCE(POSTGRESQL(USER 'u' PASSWORD 'geheim'))",
    "CREATE TABLE t (a Int8) ENGINE = Kafka SETTINGS kafka_sasl_password = 'geheim'",
    "CREATE USER u IDENTIFIED BY 'geheim'",
    "CREATE USER u IDENTIFIED WITH sha256_password BY $$geheim$$",
    "SELECT * FROM url('http://user:geheim@host/', 'CSV')",
    "INSERT INTO t VALUES ('geheim')",
    "INSERT INTO t FORMAT CSV\ngeheim",
]


@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_is_shown(text: str) -> None:
    assert "geheim" not in shown(scan(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "SELECT 'x' AS password",
        "SELECT * FROM postgresql(pg, table = 't')",
        "SELECT * FROM system.named_collections WHERE name = 'a'",
        "DROP NAMED COLLECTION a",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert shown(scan(text.encode())) == text


def test_a_collection_is_shown_with_hidden_values() -> None:
    text = "create named collection a as k = 'geheim', n = -5"

    assert shown(scan(text.encode())) == (
        "create named collection a AS k = '[HIDDEN]', n = '[HIDDEN]'"
    )
