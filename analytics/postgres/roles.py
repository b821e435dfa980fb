"""Roles: passwords that no log shows, and a DROP that leaves no grants behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import psycopg


def set_password(connection: Connection, name: str, *, password: str) -> None:
    """Give a role its password as a SCRAM verifier, computed here: the server never reads it."""
    driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
    verifier = driver.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    ).decode()
    connection.connection.cursor().execute(f"ALTER ROLE {name} PASSWORD '{verifier}'")


def drop(connection: Connection, name: str) -> None:
    """Drop a role, if it exists, with its grants in this database.

    Only a member of a role may drop what it owns: who created it becomes one first.
    """
    query = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")
    if connection.execute(query, {"name": name}).scalar():
        connection.connection.cursor().execute(drop_script(name))


def drop_script(name: str) -> str:
    """The statements that `drop` sends."""
    return f"GRANT {name} TO CURRENT_USER;\nDROP OWNED BY {name};\nDROP ROLE {name};"
