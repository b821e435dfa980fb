"""The objects that a rebuild creates beside a chain: snapshots, new rows, and empty tables.

No view of the chain is among them: one whose SELECT fails on a row would stop ingest. New rows are
kept as they come, in `<source>__since`, and are computed later (`catchup`).
"""

from __future__ import annotations

from collections.abc import Iterable

from analytics.rebuild import engines, names, objects
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server


def make(server: Server, outline: Outline) -> None:
    """Create empty tables; no rows flow into them yet."""
    for source in outline.chain.sources:
        empty(server, source, source + names.SNAPSHOT, frozen=True)
        empty(server, source, source + names.SINCE)
    for table in outline.chain.tables:
        empty(server, table, table + names.SERVED, frozen=True)
        server.change(_table(server, outline, table, table + names.SHAPE))


def begin(server: Server, outline: Outline) -> None:
    """Inside a barrier: snapshot what serves and each source, and keep the rows that come now."""
    for table in outline.chain.tables:
        attach(server, table + names.SERVED, table)
    for source in outline.chain.sources:
        attach(server, source + names.SNAPSHOT, source)
        server.send(
            f"CREATE MATERIALIZED VIEW {server.name(source + names.SINCE_VIEW)} "
            f"TO {server.name(source + names.SINCE)} AS SELECT * FROM {server.name(source)}"
        )


def attach(server: Server, table: str, origin: str) -> None:
    """Link all parts of the table `origin` into `table`: no copy."""
    server.send(f"ALTER TABLE {server.name(table)} ATTACH PARTITION ALL FROM {server.name(origin)}")


def empty(server: Server, table: str, name: str, *, frozen: bool = False) -> None:
    """Create a table like another one, without rows; it keeps every row that comes."""
    clause = engines.without_merging(objects.look(server, table), frozen=frozen)
    mark = f" COMMENT '{names.MARK}'" if name.endswith(names.ASKED) else ""
    server.send(f"DROP TABLE IF EXISTS {server.name(name)}")
    server.send(f"CREATE TABLE {server.name(name)} AS {server.name(table)} {clause}{mark}")


def assemble(server: Server, outline: Outline, chunks: Iterable[int]) -> None:
    """Create each table as it will be, from what the chunks give: links, no copy."""
    for table in outline.chain.tables:
        new = table + names.NEW
        server.change(f"DROP TABLE IF EXISTS {server.name(new)}")
        server.change(f"CREATE TABLE {server.name(new)} AS {server.name(table + names.SHAPE)}")
        for number in chunks:
            attach(server, new, names.chunk(table, number))


def _table(server: Server, outline: Outline, table: str, name: str) -> str:
    wanted = outline.wanted[table]
    if wanted.is_changed:
        return wanted.definition.named(name).create(wanted.label)
    return f"CREATE TABLE {server.name(name)} AS {server.name(table)}"
