"""The publication of a connector: what it publishes, against what the connector reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

PUBLICATION = """
SELECT pubinsert, pubupdate, pubdelete
FROM pg_publication
WHERE pubname = :publication"""

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


Fault = tuple[str, str]  # what is wrong, and what corrects it


def faults(connection: Connection, config: Mapping[str, str]) -> Iterator[Fault]:
    """What would be lost between the tables and a connector of this config."""
    name = config["publication.name"]
    row = connection.execute(text(PUBLICATION), {"publication": name}).first()
    if row is None:
        yield (
            f"there is no publication {name}",
            "create it in an earlier revision: op.create_publication()",
        )
        return
    if not row[0]:
        yield (
            f"publication {name} leaves out INSERT",
            f"ALTER PUBLICATION {name} SET (publish = 'insert, update, delete')",
        )
    rows = connection.execute(text(TABLES), {"publication": name})
    tables = {each.name: each for each in (Table(*row) for row in rows)}
    wanted = included(connection, tables, config)
    yield from _tables(name, tables, wanted)
    signal = config.get("signal.data.collection")
    if signal and signal not in wanted:
        yield (
            f"signal.data.collection names {signal}, which the connector does not read",
            "create it, publish it, and add it to table.include.list",
        )


def _tables(publication: str, tables: Mapping[str, Table], wanted: set[str]) -> Iterator[Fault]:
    if not wanted:
        yield (
            "table.include.list matches no table of this database",
            "write schema.table, with commas between",
        )
    for each in tables.values():
        if each.name not in wanted:
            if each.is_published:
                yield (
                    f"{each.name} is published, and the connector leaves it out",
                    f"add it to table.include.list, or ALTER PUBLICATION {publication} "
                    f"DROP TABLE {each.name}",
                )
        elif not each.is_published:
            yield (
                f"publication {publication} lacks {each.name}",
                f"ALTER PUBLICATION {publication} ADD TABLE {each.name}",
            )
        else:
            yield from _published(publication, each)


def _published(publication: str, table: Table) -> Iterator[Fault]:
    if table.filter:
        yield (
            f"publication {publication} filters {table.name} ({table.filter})",
            f"ALTER PUBLICATION {publication} DROP TABLE {table.name}, and ADD it without WHERE",
        )
    if 0 < table.columns < table.all_columns:
        yield (
            f"publication {publication} leaves columns of {table.name} out",
            f"ALTER PUBLICATION {publication} DROP TABLE {table.name}, and ADD it without columns",
        )
    if table.is_nameless:
        yield (
            f"{table.name} has neither primary key nor replica identity",
            f"ALTER TABLE {table.name} REPLICA IDENTITY FULL",
        )


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
    return chosen - _matching(connection, tables, _patterns(config.get("table.exclude.list", "")))


def _matching(connection: Connection, names: Iterable[str], patterns: list[str]) -> set[str]:
    rows = connection.execute(text(INCLUDED), {"names": list(names), "patterns": patterns})
    return {name for (name,) in rows}


def _patterns(listed: str) -> list[str]:
    return [each.strip() for each in listed.split(",") if each.strip()]
