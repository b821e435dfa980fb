"""Statements and functions of revisions that fail: the place is named, and what to correct."""

import re

import pytest

from analytics.stores import heads
from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

TABLE = "CREATE TABLE visits (n UInt64) ENGINE = MergeTree ORDER BY n"
DROP = 'op.drop_object("visits")'
CREATE = 'op.create_object("visits", version=1)'
UPDATE = "analytics upgrade --allow-data-loss visits"

WRONG = {
    "postgres/explain.py: {} refused a statement: {}": (
        "postgres",
        'op.execute("SELECT * FROM nowhere")',
        'op.execute("SELECT 1")',
        'relation "nowhere" does not exist',
    ),
    "clickhouse/explain.py: {} refused a statement: {}": (
        "clickhouse",
        'op.execute("ALTER TABLE nowhere DROP COLUMN IF EXISTS n")',
        'op.execute("SELECT 1")',
        "nowhere",
    ),
    "runtime/dry_run.py: {}, line {}: {}": (
        "postgres",
        'op.execute(f"SELECT {1 // 0}")',
        'op.execute(f"SELECT {1 // 1}")',
        "ZeroDivisionError",
    ),
    "release/runner.py: {}": (
        "postgres",
        'op.get_bind().exec_driver_sql("SELECT 1").scalar()\nop.allow_loss("orders", "")',
        'op.get_bind().exec_driver_sql("SELECT 1").scalar()\nop.allow_loss("orders", "gone")',
        "op.allow_loss() needs a reason",
    ),
}


@walks(*WRONG)
@pytest.mark.parametrize("key", WRONG)
def test_a_revision_that_is_wrong(key, stores):
    store, wrong, right, named = WRONG[key]
    stores.revise(store, "0001", wrong)
    stores.refused("analytics upgrade", "0001", named)

    stores.revise(store, "0001", right)

    stores.passes("analytics upgrade")


@walks("runtime/checks.py: a crash may make a statement run twice, and some of these must not")
def test_a_statement_that_must_not_run_twice(stores, databases):
    stores.define("visits", TABLE)
    insert = 'op.execute("INSERT INTO visits SELECT number FROM numbers(3)")'
    file = stores.revise("clickhouse", "0001", f"{CREATE}\n{insert}", DROP)
    said = stores.refused("analytics upgrade", "revision 0001, step 2")

    edit(file, insert, re.search(r"instead: (.*once=True\)), or", said.text)[1])

    stores.passes("analytics upgrade")
    assert databases.clickhouse("SELECT count() FROM visits") == [["3"]]


@walks("clickhouse/mutations.py: mutation {} of table {} fails again and again: {}")
def test_a_mutation_that_cannot_succeed(stores, databases):
    update = "ALTER TABLE visits UPDATE m = throwIf(n = 5) WHERE 1 SETTINGS mutations_sync = 0"
    stores.define("visits", TABLE.replace("UInt64", "UInt64, m UInt8"))
    stores.revise("clickhouse", "0001", CREATE, DROP)
    stores.passes("analytics upgrade")
    databases.clickhouse("INSERT INTO visits SELECT number, 0 FROM numbers(9)")
    file = stores.revise("clickhouse", "0002", f'op.execute("{update}")')
    said = stores.refused(UPDATE, "of table visits", "throwIf")

    databases.clickhouse(said.statements[-1])
    edit(file, "throwIf(n = 5)", "n = 5")

    stores.passes(UPDATE)
    assert databases.clickhouse("SELECT sum(m) FROM visits") == [["1"]]


@walks("operations/_existing.py: {} {} is there already, but not as this definition makes it")
@pytest.mark.parametrize("way", ["DROP", "analytics stamp"])
def test_an_object_that_somebody_else_has_made(way, stores, databases):
    stores.define("visits", TABLE)
    stores.revise("clickhouse", "0001", CREATE, DROP)
    databases.clickhouse(TABLE)
    said = stores.refused("analytics upgrade", "visits", "clickhouse@0001")

    if way == "DROP":
        databases.clickhouse(said.statements[-1])
    else:
        stores.follow(said, way)

    stores.passes("analytics upgrade")
    made = "SELECT comment != '' FROM system.tables WHERE database = currentDatabase() "
    assert databases.clickhouse(f"{made} AND name = 'visits'") == [[str(int(way == "DROP"))]]


@walks("stores/heads.py: {} took the question and does not answer")
def test_a_store_that_does_not_answer(stores, databases, monkeypatch):
    monkeypatch.setitem(heads.ask.__kwdefaults__, "timeout", 1.0)
    stores.passes("analytics upgrade")
    busy = databases.postgres()
    busy.execute("BEGIN")
    busy.execute("LOCK TABLE alembic_version")
    said = stores.refused("analytics status", databases.name)

    with databases.postgres() as connection:
        ((pid, query),) = connection.execute(*said.statements).fetchall()
        assert query == "LOCK TABLE alembic_version"
        connection.execute("SELECT pg_terminate_backend(%s)", [pid])

    stores.passes("analytics status")
    busy.close()
