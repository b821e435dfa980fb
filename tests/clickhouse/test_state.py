"""The state of a ClickHouse database: definitions as digests, rows of the tables named."""

import pytest
from sqlalchemy import create_engine

from analytics.clickhouse import state


@pytest.fixture
def connection(server):
    """A connection to a database with a table of 3 rows, a view, and another database's table."""
    for statement in (
        "DROP DATABASE IF EXISTS looks",
        "DROP DATABASE IF EXISTS beside",
        "CREATE DATABASE looks",
        "CREATE DATABASE beside",
        "CREATE TABLE looks.t (a Int64) ENGINE = MergeTree ORDER BY a",
        "INSERT INTO looks.t SELECT number FROM numbers(3)",
        "CREATE VIEW looks.v AS SELECT 1 AS one",
        "CREATE TABLE looks.nothing (a Int64) ENGINE = Null",
        "CREATE MATERIALIZED VIEW looks.own ENGINE = MergeTree ORDER BY a AS SELECT a FROM looks.t",
        "CREATE MATERIALIZED VIEW looks.on TO looks.t AS SELECT a FROM looks.nothing",
        "CREATE TABLE beside.t (a Int64) ENGINE = Memory",
    ):
        server.sql(statement)
    raw = create_engine(
        f"clickhouse+http://default:@127.0.0.1:{server.port}/looks"
    ).raw_connection()
    yield raw
    raw.close()


def test_rows_are_those_of_tables_that_keep_some_by_the_names_given(connection):
    names = [
        "t",
        "`looks`.`t`",
        "beside.t",
        "own",
        "looks.v",
        "nothing",
        "on",
        "gone",
        "beside.gone",
    ]

    counts = state.rows(connection, names)

    assert counts == {"t": 3, "`looks`.`t`": 3, "beside.t": 0, "own": 0}
    assert state.rows(connection, []) == {}


def test_a_digest_changes_with_the_definition_alone(connection, server):
    before = state.tables(connection)

    server.sql("INSERT INTO looks.t SELECT 7")
    same = state.tables(connection)
    server.sql("ALTER TABLE looks.t ADD COLUMN b Int8")
    after = state.tables(connection)

    assert {name for name in before if "inner" not in name} == {"t", "v", "nothing", "own", "on"}
    assert same == before
    assert {name for name in before if before[name] != after[name]} == {"t"}
