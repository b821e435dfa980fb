"""The publication of a connector: what it publishes, against what the connector reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from analytics.postgres.included import Table, included, tables_of

PUBLICATION = """
SELECT pubinsert, pubupdate, pubdelete
FROM pg_publication
WHERE pubname = :publication"""

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
    tables = tables_of(connection, name)
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
