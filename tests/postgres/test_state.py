"""The state of a PostgreSQL database: definitions as digests, about how many rows."""

import pytest

from analytics.postgres import state

pytestmark = pytest.mark.services


@pytest.fixture
def connection(databases):
    """A database with a table of 3 rows, one never analysed, and a view."""
    with databases.postgres() as connection:
        connection.execute(
            "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT generate_series(1, 3) AS a; ANALYZE s.t;"
            "CREATE TABLE new (a int); CREATE TABLE unknown AS SELECT 1 AS a;"
            "CREATE VIEW v AS SELECT 1 AS one"
        )
        yield connection


def test_rows_are_those_of_existing_tables_by_the_names_given(connection):
    counts = state.rows(connection, ["s.t", '"s"."t"', "new", "unknown", "gone", "s.gone"])

    assert counts == {"s.t": 3, '"s"."t"': 3, "new": 0, "unknown": None}


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE s.t ADD COLUMN b int",
        "ALTER TABLE s.t ALTER a SET NOT NULL",
        "ALTER TABLE s.t ALTER a SET DEFAULT 1",
        "ALTER TABLE s.t ADD CHECK (a > 0)",
        "CREATE INDEX ON s.t (a)",
    ],
)
def test_a_digest_changes_with_the_definition(change, connection):
    before = state.tables(connection)

    connection.execute(change)
    after = state.tables(connection)

    assert set(before) == {"s.t", "new", "unknown", "v"}
    assert {name for name in before if before[name] != after[name]} == {"s.t"}


def test_a_digest_does_not_change_with_rows(connection):
    before = state.tables(connection)

    connection.execute("INSERT INTO s.t VALUES (4); ANALYZE s.t")

    assert state.tables(connection) == before
