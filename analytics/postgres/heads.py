"""The current revisions of PostgreSQL, read with psycopg alone."""

from __future__ import annotations

from typing import Any

import psycopg

from analytics.address import Address
from analytics.postgres import explain

QUERY = "SELECT version_num FROM alembic_version"


def current(address: Address, *, timeout: float) -> tuple[str, ...]:
    """The heads in Alembic's table; none if it was never created.

    `timeout` is in seconds, for the connection. Unreachable, AccessDenied, DatabaseMissing or
    StatementFailed if the server does not tell.
    """
    try:
        with psycopg.connect(**_arguments(address, timeout)) as connection:
            return tuple(str(head) for (head,) in connection.execute(QUERY))
    except psycopg.errors.UndefinedTable:
        return ()
    except psycopg.Error as error:
        raise explain.explain(error, address, remedy="let the user read alembic_version") from None


def _arguments(address: Address, timeout: float) -> dict[str, Any]:
    """The arguments for libpq; no URL, because an error of libpq might quote its password."""
    parts = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database,
    }
    present = {name: value for name, value in parts.items() if value}
    ours = {"connect_timeout": max(1, int(timeout)), "application_name": "analytics"}
    return present | address.options | ours
