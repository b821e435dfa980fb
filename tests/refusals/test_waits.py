"""Tables that somebody holds: who it is, and how to end that session."""

from contextlib import closing

import pytest

from tests.refusals.walk import walks

pytestmark = pytest.mark.services

HELD = "postgres/holders.py: {} did not come free {}: {} holds it"
MAKE, DROP = 'op.execute("CREATE TABLE orders (id integer)")', 'op.execute("DROP TABLE orders")'
ADD = '"ALTER TABLE orders ADD COLUMN IF NOT EXISTS name text"'
BACK = 'op.execute("ALTER TABLE orders DROP COLUMN name")'


@walks(HELD)
@pytest.mark.parametrize("key", [HELD])
@pytest.mark.parametrize("call", [f"op.execute({ADD})", f"op.run_sql({ADD}, once=True)"])
def test_a_table_that_somebody_holds(key, call, stores, databases, monkeypatch):
    stores.revise("postgres", "0001", MAKE, DROP)
    stores.passes("analytics upgrade")
    stores.revise("postgres", "0002", call, BACK)
    monkeypatch.setenv("ANALYTICS_DDL_LOCK_TIMEOUT", "0.1")
    monkeypatch.setenv("ANALYTICS_DDL_TRIES", "2")
    with closing(databases.postgres()) as busy:
        busy.execute("SET application_name = 'a report'")
        busy.execute("BEGIN")
        busy.execute("SELECT count(*) FROM orders")
        named = ("orders", "a report", "idle in transaction", "SELECT count(*)")
        said = stores.refused("analytics upgrade", *named)
        assert "1 more tries" in said.text

        with databases.postgres() as connection:
            connection.execute(*said.statements)

        stores.passes("analytics upgrade")
