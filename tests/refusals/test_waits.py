"""Tables that somebody holds: who it is, and how to end that session."""

import pytest

from tests.refusals.walk import walks

pytestmark = pytest.mark.services


@walks("postgres/holders.py: {} did not come free {}: {} holds it")
def test_a_table_that_somebody_holds(stores, databases, monkeypatch):
    stores.revise(
        "postgres",
        "0001",
        'op.execute("CREATE TABLE orders (id integer)")',
        'op.execute("DROP TABLE orders")',
    )
    stores.passes("analytics upgrade")
    stores.revise(
        "postgres",
        "0002",
        'op.execute("ALTER TABLE orders ADD COLUMN name text")',
        'op.execute("ALTER TABLE orders DROP COLUMN name")',
    )
    monkeypatch.setenv("ANALYTICS_DDL_LOCK_TIMEOUT", "0.1")
    monkeypatch.setenv("ANALYTICS_DDL_TRIES", "2")
    busy = databases.postgres()
    busy.execute("SET application_name = 'a report'")
    busy.execute("BEGIN")
    busy.execute("SELECT count(*) FROM orders")
    said = stores.refused(
        "analytics upgrade", "orders", "a report", "idle in transaction", "SELECT count(*)"
    )

    with databases.postgres() as connection:
        connection.execute(*said.statements)

    stores.passes("analytics upgrade")
    busy.close()
