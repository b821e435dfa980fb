"""The wait for mutations that an ALTER has started, and the error of one that cannot succeed."""

import threading

import pytest
from sqlalchemy import create_engine

from analytics.address import Address
from analytics.clickhouse import explain, mutations
from analytics.errors import StatementFailed
from analytics.watch import Watch

pytestmark = pytest.mark.slow  # mutations take their time


@pytest.fixture
def sql(server):
    """Runs a statement in a database with a table of 20 rows."""
    for statement in ("DROP DATABASE IF EXISTS m", "CREATE DATABASE m"):
        server.sql(statement)

    def run(statement):
        return server.sql(statement, database="m")

    run("CREATE TABLE t (a Int64, b Int64) ENGINE = MergeTree ORDER BY a")
    run("INSERT INTO t SELECT number, 0 FROM numbers(20)")
    yield run
    run("KILL MUTATION WHERE database = 'm'")


@pytest.fixture
def connection(server):
    """A connection of the driver's to that database."""
    engine = create_engine(f"clickhouse+http://default:@127.0.0.1:{server.port}/m")
    raw = engine.raw_connection()
    yield raw
    raw.close()


SLOW = "ALTER TABLE t UPDATE b = 1 + sleepEachRow(0.1) WHERE 1 SETTINGS mutations_sync = 0"


def undone(sql):
    return sql("SELECT count() FROM system.mutations WHERE database = 'm' AND NOT is_done").strip()


@pytest.mark.parametrize("statement", [SLOW, SLOW.replace("TABLE t", "TABLE `m`.`t`")])
def test_a_mutation_is_waited_for(statement, sql, connection, monkeypatch):
    lines = []
    monkeypatch.setattr(mutations, "REPORTED", 0.3)
    sql(statement)
    assert undone(sql) == "1"

    mutations.wait(connection, statement, watch=Watch(lines.append))

    assert undone(sql) == "0"
    assert lines[0].startswith("waiting for mutation mutation_2.txt of t: 1 parts to do")


def test_mutations_of_other_tables_are_not_waited_for(sql, connection):
    sql("CREATE TABLE other (a Int64) ENGINE = MergeTree ORDER BY a")
    sql(SLOW)

    mutations.wait(connection, "ALTER TABLE other ADD COLUMN c Int8", watch=Watch(print))
    mutations.wait(connection, "INSERT INTO t SELECT 1, 1", watch=Watch(print))

    assert undone(sql) == "1"


def test_one_that_fails_again_and_again_is_named_with_the_way_out(sql, connection):
    failing = "ALTER TABLE t UPDATE b = throwIf(a = 7, 'seven') WHERE 1 SETTINGS mutations_sync = 0"
    sql(failing)

    with pytest.raises(StatementFailed) as caught:
        mutations.wait(connection, failing, watch=Watch(print))

    assert "mutation_2.txt of table t fails" in caught.value.thing
    assert "seven" in caught.value.thing
    sql(caught.value.remedy.split("`")[1])
    mutations.wait(connection, failing, watch=Watch(print))


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_statement_that_waits_for_one_that_fails_names_the_way_out(earlier, sql, server):
    address = Address("127.0.0.1", server.port, "default", "m")
    failing = "ALTER TABLE t UPDATE b = throwIf(a = 7, 'seven') WHERE 1 SETTINGS mutations_sync = "
    for _ in range(earlier):  # it stays, and each later one fails with it
        sql(f"{failing}0")

    _, answer = server.refused(f"{failing}1", database="m")
    error = explain.explain(answer, address, remedy="mend it")

    assert "seven" in error.thing
    assert "@ 0x" not in error.thing
    sql(error.remedy.split("`")[1])
    assert undone(sql) == "0"
    sql("ALTER TABLE t UPDATE b = 3 WHERE 1 SETTINGS mutations_sync = 1")
    assert sql("SELECT sum(b) FROM t").strip() == "60"


def test_one_that_fails_and_is_killed_meanwhile_is_not_waited_for(sql, connection, monkeypatch):
    monkeypatch.setattr(mutations, "PATIENCE", 1000)
    failing = "ALTER TABLE t UPDATE b = throwIf(a = 7) WHERE 1 SETTINGS mutations_sync = 0"
    sql(failing)
    killer = threading.Timer(1, sql, ["KILL MUTATION WHERE database = 'm'"])
    killer.start()

    mutations.wait(connection, failing, watch=Watch(print))

    killer.join()
    assert undone(sql) == "0"
