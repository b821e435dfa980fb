"""Replication slots that belong to others, are being read, or wait: who and how to end it."""

from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from analytics.operations import replication_slot
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

SLOT = '"${slot}"'
TABLE = 'op.execute("CREATE TABLE orders (id integer PRIMARY KEY)")'
FOREIGN = "postgres/replication.py: replication slot {} belongs to {}"


@pytest.fixture
def shop(stores, databases):
    """A table and its publication in one revision, the slot in the next."""
    publication = 'op.create_publication("${publication}", tables=["orders"])'
    drop = 'op.drop_publication("${publication}")\nop.execute("DROP TABLE orders")'
    stores.revise("postgres", "0001", f"{TABLE}\n{publication}", drop)
    stores.passes("analytics upgrade")
    create = f"op.create_replication_slot({SLOT})"
    stores.revise("postgres", "0002", create, f"op.drop_replication_slot({SLOT})")
    return stores


def execute(databases, statement):
    with databases.postgres() as connection:
        return connection.execute(statement).fetchall()


@walks(FOREIGN)
@pytest.mark.parametrize("key", [FOREIGN])
@pytest.mark.parametrize("way", ["drop", "another namespace"])
def test_a_slot_of_somebody_else(key, way, shop, databases, monkeypatch):
    slot = f"{databases.name}_slot"
    other = replace(databases, postgres_url=f"{databases.postgres_url.rpartition('/')[0]}/postgres")
    execute(other, f"SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')")
    said = shop.refused("analytics upgrade", slot, "database postgres")
    if way == "drop":
        execute(other, *said.statements)
    else:
        monkeypatch.setenv("ANALYTICS_NAMESPACE", f"{databases.name}_x")

    shop.passes("analytics upgrade")
    shop.passes("analytics downgrade --allow-data-loss")

    if way != "drop":
        execute(other, f"SELECT pg_drop_replication_slot('{slot}')")
        monkeypatch.delenv("ANALYTICS_NAMESPACE")


@walks("postgres/replication.py: replication slot {} is still being read after {} s")
def test_a_slot_that_is_being_read(shop, databases, monkeypatch):
    monkeypatch.setattr(replication_slot, "WAIT", 0.5)
    shop.passes("analytics upgrade")
    slot, name = f"{databases.name}_slot", f"{databases.name}_pub"
    options = f"(proto_version '1', publication_names '{name}')"
    with closing(psycopg.connect(f"{databases.postgres_url}?replication=database")) as reader:
        start = f"START_REPLICATION SLOT {slot} LOGICAL 0/0 {options}"
        reader.pgconn.exec_(start.encode())
        said = shop.refused("analytics downgrade --allow-data-loss", slot)

        execute(databases, *said.statements)

        shop.passes("analytics downgrade --allow-data-loss")


@walks("postgres/replication.py: replication slot {} waits for an older transaction since {} s")
def test_a_slot_that_waits_for_an_older_transaction(shop, databases, monkeypatch):
    monkeypatch.setattr(replication_slot, "WAIT", 0.5)
    with closing(databases.postgres()) as older:
        older.execute("BEGIN")
        older.execute("INSERT INTO orders VALUES (1)")
        said = shop.refused("analytics upgrade", f"{databases.name}_slot")
        assert said.statements == [f"SELECT pg_terminate_backend({older.info.backend_pid})"]

        execute(databases, *said.statements)

        shop.passes("analytics upgrade")
    assert execute(
        databases, "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"
    ) == [(1,)]


@walks("postgres/standby.py: replication slot {} exists, and does not fail over")
def test_a_slot_that_does_not_fail_over(shop, databases):
    slot = f"{databases.name}_slot"
    shop.passes("analytics upgrade")
    failover = f"op.create_replication_slot({SLOT}, failover=True)"
    drop = f"op.drop_replication_slot({SLOT})"
    shop.revise("postgres", "0003", failover, "pass")
    said = shop.refused("analytics upgrade", slot)

    with closing(psycopg.connect(f"{databases.postgres_url}?replication=database")) as session:
        session.pgconn.exec_(said.statements[0].encode())

    shop.passes("analytics upgrade")
    query = "SELECT failover FROM pg_replication_slots WHERE database = current_database()"
    assert execute(databases, query) == [(True,)]
    shop.revise("postgres", "0002", failover, drop)
