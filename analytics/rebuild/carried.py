"""The rows that are carried over: of keys that no source makes again, in tables named by `keep`.

They are chunk 0 of their tables, with what the views below make of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from analytics.errors import Refused
from analytics.rebuild import backfill, comparison, fill, names, probes, shadow
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server, quoted

NUMBER = 0  # of the chunk; those of the sources begin at 1


def check(server: Server, outline: Outline) -> None:
    """Refused if a table to keep is not in the chain, or has no keys by which rows are known."""
    for table in outline.goal.keep:
        if table not in outline.chain.tables:
            raise Refused(
                f"keep={table}: {outline.goal.view} does not fill such a table",
                f"name one of {', '.join(outline.chain.tables)}",
            )
        if not _key(server, table):
            raise Refused(
                f"keep={table}: it has no sorting key, so its rows cannot be told apart",
                "leave it out; insert what its sources do not make after the rebuild",
            )
        if outline.undivided:
            raise Refused(
                f"keep={table}: {', '.join(outline.undivided)} can be computed in one piece only",
                "leave it out; insert what its sources do not make after the rebuild",
            )


def aside(server: Server, table: str, served: str) -> int:
    """Put the rows that serve, and whose keys `<table>__check` lacks, into it, too; their number.

    `<table>__kept` has them by themselves.
    """
    kept, made = table + names.KEPT, table + names.CHECK
    key = ", ".join(f"toString({each})" for each in _key(server, table))
    shadow.empty(server, table, kept)
    server.change(
        f"INSERT INTO {server.name(kept)} {Limits().settings}\n"
        f"SELECT * FROM {server.name(served)}\n"
        f"WHERE tuple({key}) NOT IN (SELECT tuple({key}) FROM {server.name(made)})\n"
        "SETTINGS transform_null_in = 1"
    )
    shadow.attach(server, made, kept)
    return count(server, kept)


def chunk(server: Server, outline: Outline, limits: Limits) -> dict[str, int]:
    """Compute the chunk of the rows that were put aside; their number, by table."""
    rows = {table: count(server, table + names.KEPT) for table in outline.goal.keep}
    if not any(rows.values()):
        return {}
    backfill.empty_chunk(server, outline, NUMBER)
    for table in outline.goal.keep:
        _copy(server, table)
    below = fill.by_view(server, outline, {}, into=_own, limits=limits)
    for view, statement in below:
        if count(server, _own(outline.chain.source[view])):
            server.change(statement)
    return rows


def numbers(record: Record) -> list[int]:
    """The number of the chunk, if there is one."""
    return [NUMBER] if (record.detail(State.COMPARED) or {}).get("kept") else []


def said(rows: Mapping[str, int]) -> list[str]:
    """A line for each table whose rows are kept."""
    return [f"{table}: {n:,} rows that no source makes are kept" for table, n in rows.items() if n]


def count(server: Server, table: str) -> int:
    """The number of a table's rows."""
    return int(server.one(f"SELECT count() FROM {server.name(table)}"))


def _copy(server: Server, table: str) -> None:
    """The rows of a table that were put aside, in the columns that it will have."""
    there, wanted = (_stored(server, table + suffix) for suffix in (names.KEPT, names.SHAPE))
    columns = ", ".join(quoted(name) for name in there if name in wanted)
    server.change(
        f"INSERT INTO {server.name(_own(table))} ({columns})\n{Limits().settings}\n"
        f"SELECT {columns} FROM {server.name(table + names.KEPT)}"
    )


def _own(table: str) -> str:
    return names.chunk(table, NUMBER)


def _stored(server: Server, table: str) -> list[str]:
    kinds = probes.kinds(server, table)
    return [name for name, kind in kinds.items() if kind in ("", "DEFAULT")]


def _key(server: Server, table: str) -> list[str]:
    columns = {name for name, _ in probes.columns(server, table)}
    return comparison.keys(server, table, columns)
