"""The revisions that PostgreSQL is at, asked over psycopg alone."""

from __future__ import annotations

from typing import Any

import psycopg

from analytics.address import Address
from analytics.postgres import explain

QUERY = "SELECT version_num FROM alembic_version"


def current(address: Address, *, timeout: float) -> tuple[str, ...]:
    """The heads in Alembic's table; none where it has never been made.

    `timeout` is in seconds, for the connection.
    """
    try:
        with psycopg.connect(**_arguments(address, timeout)) as connection:
            return tuple(str(head) for (head,) in connection.execute(QUERY))
    except psycopg.errors.UndefinedTable:
        return ()
    except psycopg.Error as error:
        raise explain.explain(error, address, remedy="let the user read alembic_version") from None


def _arguments(address: Address, timeout: float) -> dict[str, Any]:
    """What libpq gets: no URL, of which it might quote the password in an error."""
    given = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database,
    }
    named = {name: value for name, value in given.items() if value}
    ours = {"connect_timeout": max(1, int(timeout)), "application_name": "analytics"}
    return named | address.options | ours
