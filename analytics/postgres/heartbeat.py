"""The heartbeat of a connector: a query that its role sends again and again, looked at before.

Debezium goes on without a word if it fails, and the slot of a quiet database then keeps all WAL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from analytics.postgres import denied
from analytics.postgres.published import Fault

KEY = "heartbeat.action.query"
MAY_NOT_BE_ANOTHER = "permission denied to set role"
READ_ONLY = """
SELECT setting IN ('default_transaction_read_only=on', 'default_transaction_read_only=true')
FROM pg_db_role_setting, unnest(setconfig) AS setting
WHERE setting LIKE 'default\\_transaction\\_read\\_only=%'
  AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = :role))
  AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
ORDER BY setrole = 0, setdatabase = 0
LIMIT 1"""  # the settings of a role in a database come before the others


def faults(connection: Connection, config: Mapping[str, str]) -> Iterator[Fault]:
    """What the server says of the query when the connector's role sends it.

    If the connection's own role may not send it in the other's place, it sends it for itself.
    """
    query, role = config.get(KEY), config.get("database.user", "")
    if not query:
        return
    said = _refusal(connection, f"SET LOCAL ROLE {denied.named(role)}; EXPLAIN {query}")
    if not role or MAY_NOT_BE_ANOTHER in said or "does not exist" in said:
        said = _refusal(connection, f"EXPLAIN {query}")
    elif gives := said and denied.remedy(said, role, sent=query):
        yield f"{KEY}, sent by {role}: {said}", gives
        return
    if said:
        yield f"{KEY}: {said}", "correct the query, or create what it writes to"
    elif connection.execute(text(READ_ONLY), {"role": role}).scalar():
        yield (
            f"{KEY}: the sessions of role {role} are read-only",
            f"ALTER ROLE {role} SET default_transaction_read_only = off",
        )


def _refusal(connection: Connection, statements: str) -> str:
    """The server's words for statements that are one transaction; empty if it takes them."""
    is_alone = getattr(connection.connection.dbapi_connection, "autocommit", False)
    try:
        with nullcontext() if is_alone else connection.begin_nested() as block:
            connection.exec_driver_sql(statements.replace("%", "%%"))
            if block is not None:
                block.rollback()  # and the role with it
    except DBAPIError as error:
        return str(error.orig).splitlines()[0]
    return ""
