"""The checks before anything is touched: each refusal is one line, with its remedy."""

from __future__ import annotations

from analytics.clickhouse import types
from analytics.clickhouse.explain import one_line
from analytics.errors import AnalyticsError, Refused, StatementFailed
from analytics.rebuild import carried, fill, probes, sizes
from analytics.rebuild.labels import Wanted
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server
from analytics.rebuild.sizes import megabytes

SAMPLE = 1000  # rows of a source on which a SELECT is tried
MOST_PARTS = 10_000  # of a source: ingest is held for as long as linking them takes

MUTATIONS = """
SELECT table, mutation_id
FROM system.mutations
WHERE database = currentDatabase() AND table IN %(tables)s AND NOT is_done
LIMIT 1"""


PATCHED = """
SELECT DISTINCT table
FROM system.parts AS each
INNER JOIN
(
    SELECT table, partition_id AS patched, data_version AS since
    FROM system.parts
    WHERE database = currentDatabase() AND active AND startsWith(name, 'patch-')
) AS patches USING table
WHERE database = currentDatabase() AND table IN %(tables)s AND active
    AND data_version < since AND endsWith(patched, concat('-', partition_id))"""
"""The tables with parts that patches change: these are not linked with them into a snapshot."""


def check(server: Server, outline: Outline, *, memory: int) -> None:
    """Refused, or StatementFailed, for everything that would stop the rebuild later."""
    carried.check(server, outline)
    _columns(server, outline)
    _sample(server, outline)
    _no_mutation(server, outline)
    _no_patch(server, outline)
    _parts(server, outline)
    _disk(server, outline)
    _memory(server, memory)


def _columns(server: Server, outline: Outline) -> None:
    """Refused if a target lacks a column that its view selects, or cannot hold its values.

    Where neither of the two changes, they work as they are.
    """
    for view in outline.chain.views:
        target = outline.chain.target[view]
        if not {view, target} & set(outline.changed):
            continue
        fits(outline.wanted[view], outline.columns[view], target, dict(outline.columns[target]))


def fits(wanted: Wanted, columns: probes.Columns, target: str, of_target: dict[str, str]) -> None:
    """Refused if a target lacks a column of a view, or cannot hold its values.

    A former version has served with its types: a refusal would close the way back.
    """
    view = wanted.name
    for name, kind in columns:
        if name not in of_target:
            raise Refused(
                f"{view} selects {name}, and {target} has no such column",
                f"write a next version of {target} that has it, and name that in "
                f'op.rebuild_view(..., also={{"{target}": ...}})',
            )
        if not wanted.is_former and not types.holds(of_target[name], kind):
            raise Refused(
                f"{view} selects {name} as {kind}, and in {target} it is {of_target[name]}",
                "convert it in the view, or change the column in a next version of the table",
            )


def _sample(server: Server, outline: Outline) -> None:
    """StatementFailed if a SELECT fails on existing rows: it would fail on them later, too."""
    for view in outline.chain.top:
        query = fill.trial(server, outline, view, rows=SAMPLE)
        try:
            server.ask(query)
        except AnalyticsError:
            raise
        except Exception as error:
            answer = str(getattr(error, "orig", error))
            if "Code: " not in answer:
                raise
            raise StatementFailed(
                f"{view} fails on rows of {outline.chain.source[view]}: {one_line(answer)}",
                "fix its definition; nothing was changed",
            ) from error


def _no_mutation(server: Server, outline: Outline) -> None:
    tables = (*outline.chain.sources, *outline.chain.tables)
    for table, mutation in server.ask(MUTATIONS, tables=tables):
        raise Refused(
            f"mutation {mutation} of {table} is under way",
            "wait until system.mutations says is_done, or end it: "
            f"`KILL MUTATION WHERE database = '{server.database}' AND table = '{table}' "
            f"AND mutation_id = '{mutation}'`",
        )


def _no_patch(server: Server, outline: Outline) -> None:
    for (table,) in server.ask(PATCHED, tables=(*outline.chain.sources, *outline.chain.tables)):
        raise Refused(
            f"{table} has rows that an UPDATE has changed by patches, which a snapshot lacks",
            f"write them into its parts first: `ALTER TABLE {table} APPLY PATCHES "
            "SETTINGS mutations_sync = 2`",
        )


def _parts(server: Server, outline: Outline) -> None:
    for table, size in sizes.of(server, outline).items():
        if size.parts > MOST_PARTS:
            raise Refused(
                f"{table} is in {size.parts} parts", f"merge some first: `OPTIMIZE TABLE {table}`"
            )


def _disk(server: Server, outline: Outline) -> None:
    free, needed = sizes.disk_free(server), sizes.disk_needed(server, outline)
    if needed > free:
        raise Refused(
            f"it takes about {megabytes(needed)} of disk, and {megabytes(free)} are free",
            "free some space, or drop previous versions that are kept: op.forget_previous",
        )


def _memory(server: Server, memory: int) -> None:
    """Refused if one statement may use more than is free; a server may not know how much is."""
    free = sizes.memory_free(server) if memory else None
    if free is not None and memory > free:
        raise Refused(
            f"a statement may use {megabytes(memory)} of memory, and {megabytes(free)} are free",
            "set ANALYTICS_REBUILD_MEMORY lower: groups that do not fit go to disk",
        )
