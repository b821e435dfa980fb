"""Errors of PostgreSQL, provoked."""

import psycopg
import pytest

from analytics import diagnosis

pytestmark = pytest.mark.services

ROLE = "CREATE ROLE {role} PASSWORD 'hush' {more}"
CONNECTING = {  # a role with these words, and what is changed of its address
    "PostgreSQL refuses its user": ("LOGIN", {"password": "other"}),
    "the role has no LOGIN": ("NOLOGIN", {}),
    "there is no such database in PostgreSQL": ("LOGIN", {"dbname": "nowhere"}),
    "PostgreSQL takes no more connections": ("LOGIN CONNECTION LIMIT 0", {}),
    "there is no host of that name": ("LOGIN", {"host": "no.such.host.invalid"}),
}
STATEMENTS = {
    "there is no such role in PostgreSQL": "SET ROLE nobody_at_all",
    "its role may not read a slot": (
        "SET ROLE {role}; SELECT pg_create_logical_replication_slot('a', 'pgoutput')"
    ),
    "its role lacks a grant in PostgreSQL": "SET ROLE {role}; SELECT * FROM orders",
    "only the owner may do this in PostgreSQL": (
        "GRANT ALL ON orders TO {role}; SET ROLE {role}; DROP TABLE orders"
    ),
    "its slot is gone": "SELECT pg_drop_replication_slot('none')",
    "another reader holds its slot": "SELECT pg_drop_replication_slot('{name}_slot')",
    "there is a slot of that name already": (
        "SELECT pg_create_logical_replication_slot('{name}_slot', 'pgoutput')"
    ),
    "its publication is gone": "ALTER PUBLICATION none ADD TABLE orders",
    "a table that is published has no key for its updates and deletes": (
        "CREATE PUBLICATION loose FOR TABLE orders; UPDATE orders SET id = 1"
    ),
    "there is no such table in PostgreSQL": "SELECT * FROM nowhere",
    "another session holds a lock that it needs": (
        "SET lock_timeout = 10; SELECT 1; ALTER TABLE held ADD COLUMN x int"
    ),
    "a statement took longer than statement_timeout": (
        "SET statement_timeout = 20; SELECT pg_sleep(2)"
    ),
    "this is a standby, or is read-only": ("SET TRANSACTION READ ONLY; CREATE TABLE t (a int)"),
}


@pytest.fixture
def role(databases):
    """A role's name that is free, and is dropped again."""
    name = f"{databases.name}_role"
    yield name
    with databases.postgres() as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
            connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.mark.parametrize("meaning", CONNECTING)
def test_a_connection_that_is_refused(meaning, role, databases):
    words, change = CONNECTING[meaning]
    with databases.postgres() as connection:
        connection.execute(ROLE.format(role=role, more=words))
    info = psycopg.conninfo.conninfo_to_dict(databases.postgres_url)

    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(**info | {"user": role, "password": "hush"} | change)

    assert diagnosis.known(str(refused.value)).meaning == meaning


@pytest.mark.parametrize("meaning", STATEMENTS)
def test_a_statement_that_fails(meaning, role, databases, alembic):
    slot = "SELECT pg_create_logical_replication_slot('{}_slot', 'pgoutput')"
    with databases.postgres() as other, databases.postgres() as connection:
        other.execute(ROLE.format(role=role, more="LOGIN"))
        other.execute("CREATE TABLE orders (id int); CREATE TABLE held (id int)")
        if "holds a lock" in meaning:
            other.execute("BEGIN; LOCK TABLE held")
        if "already" in meaning:
            connection.execute(slot.format(databases.name))
        if "another reader" in meaning:
            assert alembic("upgrade", "head").code == 0

        with pytest.raises(psycopg.Error) as failed:
            connection.execute(STATEMENTS[meaning].format(role=role, name=databases.name))
        other.execute("ROLLBACK")
        connection.execute("RESET ROLE")
        if "already" in meaning:
            connection.execute(f"SELECT pg_drop_replication_slot('{databases.name}_slot')")

    assert diagnosis.known(str(failed.value)).meaning == meaning
