"""The statements that compute a chain's tables out of rows of its sources.

The bound of a piece of the source stands in a subquery around the table, never in the view's own
text: there an OR, or an alias that has the name of a column, would take it for something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from analytics.rebuild import probes, rewrite
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server, quoted


@dataclass(frozen=True)
class Limits:
    """What a statement that computes history may take; 0 is what the server allows anyway."""

    threads: int = 0
    memory: int = 0  # bytes
    priority: int = 0

    @property
    def settings(self) -> str:
        """As a SETTINGS clause."""
        chosen = {"max_partitions_per_insert_block": 0, "insert_deduplicate": 0}
        if self.threads:
            chosen["max_threads"] = self.threads
        if self.priority:
            chosen["priority"] = self.priority
        if self.memory:
            chosen["max_memory_usage"] = self.memory
            chosen["max_bytes_before_external_group_by"] = self.memory // 2
        return "SETTINGS " + ", ".join(f"{name} = {value}" for name, value in chosen.items())


def statements(
    server: Server,
    outline: Outline,
    rows: Mapping[str, str],
    *,
    into: Callable[[str], str],
    limits: Limits,
    keep: str = "true",
) -> Iterator[str]:
    """The INSERT statements, in their order.

    `rows` says FROM what to read a source, `into` which table stands for one of the chain, `keep`
    which rows of the uppermost views are kept.
    """
    chain = outline.chain
    for view in chain.views:
        source, target = chain.source[view], chain.target[view]
        if source in chain.sources and source not in rows:
            continue
        select = outline.selects[view]
        if source in rows:
            subquery = feed(server, source, select, rows[source])
        else:
            subquery = feed(server, into(source), select, server.name(into(source)))
        fed = rewrite.fed(select, server.database, {source: subquery})
        columns = ", ".join(quoted(name) for name, _ in outline.columns[view])
        yield (
            f"INSERT INTO {server.name(into(target))} ({columns})\n{limits.settings}\n"
            f"SELECT {columns}\nFROM\n(\n{fed}\n)" + f"\nWHERE {keep}" * (source in rows)
        )


def feed(server: Server, table: str, select: str, origin: str) -> str:
    """The subquery that stands for a table: its columns, computed ones only where they are used.

    `SELECT *` of a view does not see those, so that they must not be there without need.
    """
    used = rewrite.words(select)
    columns = [
        quoted(name)
        for name, kind in probes.kinds(server, table).items()
        if kind in ("", "DEFAULT") or (kind != "EPHEMERAL" and name in used)
    ]
    return f"SELECT {', '.join(columns)} FROM {origin}"
