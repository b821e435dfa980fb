"""The sizes of a rebuild: what its tables hold, what it needs for a while, and what is free."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server

SIZES = """
SELECT table, sum(rows), sum(bytes_on_disk), count()
FROM system.parts
WHERE database = currentDatabase() AND table IN %(tables)s AND active
GROUP BY table"""

FREE = "SELECT min(free_space) FROM system.disks WHERE type = 'Local' OR type = 'local'"

MEMORY = """
SELECT value
FROM system.asynchronous_metrics
WHERE metric = 'OSMemoryAvailable'"""
HAS_METRICS = "EXISTS TABLE system.asynchronous_metrics"


@dataclass(frozen=True)
class Size:
    """The contents of a table."""

    rows: int = 0
    bytes: int = 0
    parts: int = 0


def of(server: Server, outline: Outline) -> dict[str, Size]:
    """The sizes of the sources and of the tables of the chain."""
    tables = (*outline.chain.sources, *outline.chain.tables)
    filled = {str(row[0]): Size(*map(int, row[1:])) for row in server.ask(SIZES, tables=tables)}
    return {table: filled.get(table, Size()) for table in tables}


def disk_needed(server: Server, outline: Outline) -> int:
    """About how many bytes of disk a rebuild takes for a while.

    The tables of the chain once more, the same again for the verification, and a tenth of the
    sources for the rows that come in the meantime.
    """
    sizes = of(server, outline)
    tables = sum(sizes[table].bytes for table in outline.chain.tables)
    return 2 * tables + sum(sizes[source].bytes for source in outline.chain.sources) // 10


def disk_free(server: Server) -> int:
    """The free bytes of the fullest disk."""
    return int(server.one(FREE) or 0)


def memory_free(server: Server) -> int | None:
    """The free bytes of memory; None if the server does not measure them."""
    return int(float(server.one(MEMORY))) if server.one(HAS_METRICS) else None


def megabytes(size: int) -> str:
    """Bytes for a person."""
    return f"{size / 1e6:,.1f} MB"
