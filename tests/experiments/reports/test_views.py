"""The views themselves: their columns as documented, and a report of real rows."""

import json

import pytest

from tests.experiments.reports import documented

pytestmark = pytest.mark.services

REFERENCE = """
INSERT INTO experiments.experiments (id, name) VALUES ('e1', 'One');
INSERT INTO experiments.variants VALUES ('e1', 'A', 'a', true, 0.5), ('e1', 'B', 'b', false, 0.5)"""
ASSIGNMENT = {"experiment_id": "e1", "assigned_at": "2026-01-05T00:00:00Z", "context": "{}"}


def land(databases, messages):
    """Messages, put into the landing table as if Kafka had brought them."""
    rows = [
        json.dumps({"message": json.dumps(m), "topic": "t", "partition": 0, "offset": n})
        for n, m in enumerate(messages)
    ]
    columns = "(message, topic, partition, offset)"
    databases.clickhouse(f"INSERT INTO raw_events {columns} FORMAT JSONEachRow\n" + "\n".join(rows))


def assigned(lsn, user, variant):
    row = ASSIGNMENT | {"id": f"a-{user}", "user_id": user, "variant_id": variant}
    outbox = {
        "id": f"o-{user}",
        "aggregatetype": "assignment",
        "aggregateid": user,
        "type": "AssignmentCreated",
        "payload": json.dumps(row),
    }
    return {"op": "c", "source": {"table": "outbox", "lsn": lsn}, "after": outbox}


def test_columns_and_types_are_those_of_the_database(databases, alembic):
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0

    def described(view):
        rows = databases.clickhouse(f"DESCRIBE TABLE {view}")
        return {name: kind.replace("\\'", "'") for name, kind, *_ in rows}

    assert {view: described(view) for view in documented.columns()} == documented.columns()


def test_a_report_of_what_came_through(databases, alembic, run):
    assert alembic("upgrade", "head").code == 0
    assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
    with databases.postgres() as connection:
        connection.execute(REFERENCE)
    land(databases, [assigned(n, f"u{n}", "AB"[n % 2]) for n in range(10)])

    rows = json.loads(run("performance", "e1", "--json").stdout)

    assert {row["variant_id"]: row["users"] for row in rows} == {"A": 5, "B": 5}
