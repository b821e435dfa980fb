"""The state of the database: a digest of each table, and about how many rows it has."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg

TABLES = """
SELECT
    c.oid::regclass::text,
    left(encode(sha256(convert_to(concat_ws(E'\\n',
        c.relkind,
        (SELECT string_agg(concat_ws(' ',
            a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            pg_get_expr(d.adbin, d.adrelid)), ',' ORDER BY a.attnum)
         FROM pg_attribute AS a
         LEFT JOIN pg_attrdef AS d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname)
         FROM pg_constraint WHERE conrelid = c.oid),
        (SELECT string_agg(concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid), ','
             ORDER BY indexrelid::regclass::text)
         FROM pg_index WHERE indrelid = c.oid),
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END
    ), 'UTF8')), 'hex'), 12)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_' AND n.nspname != 'information_schema'
  AND c.relname !~ '^(alembic_version|analytics_(journal|releases))'
ORDER BY 1"""

ROWS = """
SELECT
    name,
    CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint
         WHEN pg_relation_size(c.oid) = 0 THEN 0 END
FROM unnest(%s::text[]) AS name
JOIN pg_class AS c ON c.oid = to_regclass(name)"""


def tables(connection: psycopg.Connection) -> dict[str, str]:
    """The digest of each table and view, by name: columns, constraints, indexes."""
    return dict(connection.execute(TABLES).fetchall())


def rows(connection: psycopg.Connection, names: Iterable[str]) -> dict[str, int | None]:
    """About how many rows each table has that exists; None before the first ANALYZE."""
    return dict(connection.execute(ROWS, [list(names)]).fetchall())
