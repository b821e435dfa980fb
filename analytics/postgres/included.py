"""The tables that a connector reads, out of those of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

TABLES = """
SELECT
    n.nspname || '.' || c.relname AS name,
    published.tablename IS NOT NULL AS is_published,
    to_jsonb(published) ->> 'rowfilter' AS filter,
    jsonb_array_length(coalesce(to_jsonb(published) -> 'attnames', '[]')) AS columns,
    (SELECT count(*) FROM pg_attribute AS a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS all_columns,
    c.relreplident = 'd' AND NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary
    ) OR c.relreplident = 'i' AND NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisreplident
    ) OR c.relreplident = 'n' AS is_nameless
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_publication_tables AS published
    ON published.pubname = :publication
    AND (published.schemaname, published.tablename) = (n.nspname, c.relname)
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 1"""

INCLUDED = """
SELECT name
FROM unnest(CAST(:names AS text[])) AS name
WHERE EXISTS (
    SELECT FROM unnest(CAST(:patterns AS text[])) AS pattern
    WHERE name ~* ('^(' || pattern || ')$')
)"""


@dataclass(frozen=True)
class Table:
    """A table of the database, and how the publication has it."""

    name: str  # with its schema
    is_published: bool
    filter: str | None
    columns: int
    all_columns: int
    is_nameless: bool  # an UPDATE or DELETE has no key by which a reader knows the row


def read_tables(connection: Connection, config: Mapping[str, str]) -> set[str]:
    """The tables (schema.table) that a connector of this config reads."""
    return included(connection, tables_of(connection, config["publication.name"]), config)


def tables_of(connection: Connection, publication: str) -> dict[str, Table]:
    """Every table of the database by its name, and how a publication has it."""
    rows = connection.execute(text(TABLES), {"publication": publication})
    return {each.name: each for each in (Table(*row) for row in rows)}


def included(
    connection: Connection, tables: Mapping[str, Table], config: Mapping[str, str]
) -> set[str]:
    """The tables that a config reads; its lists are regular expressions.

    Without a list it reads whatever is published.
    """
    schemas = (rf"(?:{each})\..*" for each in _patterns(config.get("schema.include.list", "")))
    listed = [*_patterns(config.get("table.include.list", "")), *schemas]
    published = {name for name, each in tables.items() if each.is_published}
    chosen = _matching(connection, tables, listed) if listed else published
    schemas = (rf"(?:{each})\..*" for each in _patterns(config.get("schema.exclude.list", "")))
    left_out = [*_patterns(config.get("table.exclude.list", "")), *schemas]
    return chosen - _matching(connection, tables, left_out)


def _matching(connection: Connection, names: Iterable[str], patterns: list[str]) -> set[str]:
    rows = connection.execute(text(INCLUDED), {"names": list(names), "patterns": patterns})
    return {name for (name,) in rows}


def _patterns(listed: str) -> list[str]:
    return [each.strip() for each in listed.split(",") if each.strip()]
