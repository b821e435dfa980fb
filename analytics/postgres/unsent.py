"""The rows that published tables hold when a slot begins: it never sends them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, text

from analytics.sql.tokens import plain

MOST = 100_000  # rows of a table that are counted

TABLES = """
SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
FROM pg_publication_tables AS published
JOIN pg_namespace AS n ON n.nspname = published.schemaname
JOIN pg_class AS c ON (c.relnamespace, c.relname) = (n.oid, published.tablename)
WHERE pubname = coalesce(CAST(:publication AS text), pubname)
  AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT')
ORDER BY 1"""


def counted(connection: Connection, publication: str | None) -> dict[str, int]:
    """Rows by table that is published (without a name: by any publication), if it has any.

    One more than `MOST` if it has more; a table that may not be read is left out. The connection
    is outside of a transaction.
    """
    tables = connection.execute(text(TABLES), {"publication": publication}).fetchall()
    return {name: n for (name,) in tables if (n := _rows(connection, name))}


def shown(count: int) -> str:
    """A count as a person reads it."""
    return f"{count:,}" if count <= MOST else f"more than {MOST:,}"


def now(connection: Connection) -> str:
    """A transaction id; what was committed until now is of an older one."""
    query = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")
    return str(connection.execute(query).scalar())


def signal(table: str, collections: Iterable[str], *, before: str) -> str:
    """The statement that lets Debezium send rows which transactions older than `before` wrote.

    `table` is its table of signals. The kind of snapshot is the one that holds streaming up: the
    other one leaves rows out where the key of messages is not the primary key.
    """
    rows = ", ".join(
        f"(gen_random_uuid(), 'execute-snapshot', '{_data(each, before)}')" for each in collections
    )
    return f"INSERT INTO {table} VALUES {rows}"


def _data(collection: str, before: str) -> str:
    named = plain(collection)
    condition = {
        "data-collection": named,
        "filter": f"SELECT * FROM {collection} WHERE age(xmin) > age('{before}'::xid)",
    }
    data = {
        "data-collections": [named],
        "type": "blocking",
        "additional-conditions": [condition],
    }
    return json.dumps(data).replace("'", "''")


def _rows(connection: Connection, quoted: str) -> int:
    query = f"SELECT count(*) FROM (SELECT FROM {quoted} LIMIT {MOST + 1}) AS first"
    return int(connection.execute(text(query.replace(":", r"\:"))).scalar() or 0)
