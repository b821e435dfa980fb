"""Refused statements, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.refusals import check
from analytics.local.embedded.sql.scan import scan

BLANK = st.sampled_from([" ", "\n", " /* SELECT */ ", " -- x\n", "\t"])
DANGEROUS = [
    "SYSTEM KILL",
    "SYSTEM SHUTDOWN",
    "DROP DATABASE default",
    "DROP DATABASE IF EXISTS `default` SYNC",
    'DETACH DATABASE "system"',
    "RENAME DATABASE default TO other",
    "EXPLAIN SYSTEM KILL",
    "EXPLAIN AST CREATE NAMED COLLECTION a AS b = 1",
    "EXPLAIN SYNTAX DROP DATABASE system",
    "CREATE TABLE t ( a Int8 ) PARALLEL WITH CREATE NAMED COLLECTION a AS b = 1",
    "CREATE TABLE t ( a Int8 ) PARALLEL WITH DROP DATABASE default",
]
HARMLESS = [
    "SELECT 'SYSTEM KILL'",
    "SELECT 1 AS system, 2 AS kill",
    "SYSTEM FLUSH LOGS",
    "DROP DATABASE defaults",
    "DROP TABLE default.t",
    "DROP TABLE IF EXISTS system.query_log",
    "CREATE NAMED COLLECTION a AS b = 1",
    "EXPLAIN SELECT 1",
    "CREATE TABLE t (a Int8) PARALLEL WITH CREATE TABLE u (a Int8)",
    "CREATE TABLE t (a Int8) PARALLEL WITH",
]


@given(st.sampled_from(DANGEROUS), st.data())
def test_what_ends_the_process_is_refused(text: str, data: st.DataObject) -> None:
    spread = "".join(data.draw(BLANK) + word for word in text.split(" "))
    upper = data.draw(st.booleans())

    with pytest.raises(DBError) as refused:
        check(scan((spread if upper else _lower(spread)).encode()), "default")

    assert refused.value.code == 48


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_dangerous_is_not(text: str) -> None:
    check(scan(text.encode()), "default")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 62),
        ("select 1; select 2", 62),
        ("select 1 into outfile 'x'", 358),
        ("insert into t from infile 'x'", 78),
        ("insert into t values (1)", 164),
        ("create table t (a Int8)", 164),
        ("drop named collection a", 164),
    ],
)
def test_what_a_server_refuses_over_http(text: str, code: int) -> None:
    with pytest.raises(DBError) as refused:
        check(scan(text.encode()), "default", only_reads=True)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "text", ["SELECT 1", "(select 1)", "from t select 1", "show tables", "use x"]
)
def test_get_reads(text: str) -> None:
    check(scan(text.encode()), "default", only_reads=True)


def _lower(text: str) -> str:
    """Names in quotes keep their case."""
    return text if any(quote in text for quote in "`\"'") else text.lower()
