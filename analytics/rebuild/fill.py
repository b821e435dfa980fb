"""The statements that fill the tables of a chain from rows of its sources.

The bound of a chunk is in a subquery around the source table, never in the view's own text: there
an OR, or an alias with the name of a column, would change its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from analytics.rebuild import probes, rewrite
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server, quoted


@dataclass(frozen=True)
class Limits:
    """The limits of a statement that computes history; 0 is the server's own limit."""

    threads: int = 0
    memory: int = 0  # bytes
    priority: int = 0

    @property
    def settings(self) -> str:
        """The limits as a SETTINGS clause."""
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
    """The INSERT statements of `by_view`, in their order."""
    for _, statement in by_view(server, outline, rows, into=into, limits=limits, keep=keep):
        yield statement


def by_view(
    server: Server,
    outline: Outline,
    rows: Mapping[str, str],
    *,
    into: Callable[[str], str],
    limits: Limits,
    keep: str = "true",
) -> Iterator[tuple[str, str]]:
    """Each view with its INSERT statement, in their order.

    `rows` has the text behind FROM for each source to read, `into` gives the table that stands for
    one of the chain, `keep` is the condition on the rows of the uppermost views.
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
            view,
            f"INSERT INTO {server.name(into(target))} ({columns})\n{limits.settings}\n"
            f"SELECT {columns}\nFROM\n(\n{fed}\n)" + f"\nWHERE {keep}" * (source in rows),
        )


def trial(server: Server, outline: Outline, view: str, *, rows: int) -> str:
    """A query that computes what a view selects from some rows of its source, and returns none."""
    source, select = outline.chain.source[view], outline.selects[view]
    subquery = feed(server, source, select, f"{server.name(source)} LIMIT {rows}")
    fed = rewrite.fed(select, server.database, {source: subquery})
    return f"SELECT sum(ignore(*)) FROM (\n{fed}\n)"


def feed(server: Server, table: str, select: str, origin: str) -> str:
    """The subquery that stands for a table: its columns, computed ones only if they are used.

    `SELECT *` of a view does not return computed columns, so the subquery must not add them.
    """
    used = rewrite.words(select)
    columns = [
        quoted(name)
        for name, kind in probes.kinds(server, table).items()
        if kind in ("", "DEFAULT") or (kind != "EPHEMERAL" and name in used)
    ]
    return f"SELECT {', '.join(columns)} FROM {origin}"
