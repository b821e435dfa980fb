"""CREATE INDEX CONCURRENTLY: no transaction undoes it, and a crash leaves an INVALID index."""

from __future__ import annotations

import re

import psycopg
from psycopg import sql

CREATE = re.compile(
    r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r'(?P<name>"(?:[^"]|"")+"|\w+)\s+ON\s+(?:ONLY\s+)?(?P<table>[\w."]+)',
    re.IGNORECASE,
)

VALID = """
SELECT indexrelid::regclass::text, indisvalid
FROM pg_index
WHERE indrelid = to_regclass(%s)
  AND (SELECT relname FROM pg_class WHERE oid = indexrelid) = (parse_ident(%s))[1]"""


def is_there(connection: psycopg.Connection, statement: str) -> bool:
    """Whether the index that a statement builds exists and is valid; an invalid one is dropped.

    The connection is in autocommit. False for any other statement.
    """
    match = CREATE.match(statement)
    if not match:
        return False
    row = connection.execute(VALID, [match["table"], match["name"]]).fetchone()
    if row and not row[1]:
        drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS ") + sql.SQL(row[0])
        connection.execute(drop)
        return False
    return row is not None
