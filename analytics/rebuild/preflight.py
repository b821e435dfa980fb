"""What is looked at before anything is touched: each refusal in one line, with the way out."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import AnalyticsError, Refused, StatementFailed
from analytics.rebuild import fill, names, previous, probes, rewrite, types
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server

SAMPLE = 1000  # rows of a source on which a SELECT is tried
MOST_PARTS = 10_000  # of a source: linking them holds ingest for as long as it takes

THERE = "SELECT name FROM system.tables WHERE database = currentDatabase()"

MUTATIONS = """
SELECT table, mutation_id
FROM system.mutations
WHERE database = currentDatabase() AND table IN %(tables)s AND NOT is_done
LIMIT 1"""

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
    """What a table holds."""

    rows: int = 0
    bytes: int = 0
    parts: int = 0


def check(server: Server, outline: Outline, *, memory: int) -> None:
    """Refused for whatever would stop the rebuild later."""
    nothing_left(server, outline)
    _columns(server, outline)
    _sample(server, outline)
    _no_mutation(server, outline)
    _parts(server, outline)
    _room(server, outline)
    _memory(server, memory)


def sizes(server: Server, outline: Outline) -> dict[str, Size]:
    """What the sources and the tables of the chain hold."""
    tables = (*outline.chain.sources, *outline.chain.tables)
    found = {str(row[0]): Size(*map(int, row[1:])) for row in server.ask(SIZES, tables=tables)}
    return {table: found.get(table, Size()) for table in tables}


def needed(server: Server, outline: Outline) -> int:
    """About how many bytes of disk it takes for a while: the tables once more, the same for the
    verification, and a tenth of the sources for what comes meanwhile."""
    there = sizes(server, outline)
    tables = sum(there[table].bytes for table in outline.chain.tables)
    return 2 * tables + sum(there[source].bytes for source in outline.chain.sources) // 10


def free(server: Server) -> int:
    """Bytes free on the fullest disk."""
    return int(server.one(FREE) or 0)


def nothing_left(server: Server, outline: Outline) -> None:
    """Refused if an object of somebody else's has a name that this rebuild gives, or drops."""
    bases = (*outline.chain.names, *outline.chain.sources)
    ours = previous.previous(server, bases)
    left = sorted(
        name
        for (name,) in server.ask(THERE)
        if names.is_ours(name)
        and name not in ours
        and any(name.startswith(f"{base}__") for base in bases)
    )
    if left:
        raise Refused(
            f"{', '.join(left)}: left by something that no record knows of",
            "drop it, if nobody needs it, or rename it, and run the same command again",
        )


def _columns(server: Server, outline: Outline) -> None:
    """Every column that a view selects must be in its target, with a type that can hold it.

    Where neither of the two changes, they work as they are.
    """
    for view in outline.chain.views:
        target = outline.chain.target[view]
        if not {view, target} & set(outline.changed):
            continue
        fits(view, outline.columns[view], target, dict(outline.columns[target]))


def fits(view: str, columns: probes.Columns, target: str, there: dict[str, str]) -> None:
    """Refused if a target lacks a column of a view, or cannot hold its values."""
    for name, kind in columns:
        if name not in there:
            raise Refused(
                f"{view} selects {name}, and {target} has no such column",
                f"write a next version of {target} that has it, and name that in "
                f'op.rebuild_view(..., also={{"{target}": ...}})',
            )
        if not types.holds(there[name], kind):
            raise Refused(
                f"{view} selects {name} as {kind}, and in {target} it is {there[name]}",
                "convert it in the view, or change the column in a next version of the table",
            )


def _sample(server: Server, outline: Outline) -> None:
    """A SELECT that fails on rows that are there would fail when they are computed."""
    for view in outline.chain.top:
        source, select = outline.chain.source[view], outline.selects[view]
        origin = f"{server.name(source)} LIMIT {SAMPLE}"
        subquery = fill.feed(server, source, select, origin)
        fed = rewrite.fed(select, server.database, {source: subquery})
        try:
            server.ask(f"SELECT sum(ignore(*)) FROM (\n{fed}\n)")
        except AnalyticsError:
            raise
        except Exception as error:
            if "Code: " not in str(getattr(error, "orig", error)):
                raise
            said = " ".join(str(getattr(error, "orig", error)).split())
            raise StatementFailed(
                f"{view} fails on rows of {source}: {said}", "mend it; nothing was changed"
            ) from error


def _no_mutation(server: Server, outline: Outline) -> None:
    tables = (*outline.chain.sources, *outline.chain.tables)
    for table, mutation in server.ask(MUTATIONS, tables=tables):
        raise Refused(
            f"mutation {mutation} of {table} is under way",
            "wait until system.mutations says is_done, or end it by KILL MUTATION",
        )


def _parts(server: Server, outline: Outline) -> None:
    for table, size in sizes(server, outline).items():
        if size.parts > MOST_PARTS:
            raise Refused(
                f"{table} is in {size.parts} parts", f"merge some first: OPTIMIZE TABLE {table}"
            )


def _room(server: Server, outline: Outline) -> None:
    there, wanted = free(server), needed(server, outline)
    if wanted > there:
        raise Refused(
            f"it takes about {megabytes(wanted)} of disk, and {megabytes(there)} are free",
            "make room, or op.forget_previous what is kept for a way back",
        )


def _memory(server: Server, memory: int) -> None:
    """What one statement may use must be there; a server that does not say is believed."""
    if not memory or not server.one(HAS_METRICS):
        return
    there = int(float(server.one(MEMORY)))
    if memory > there:
        raise Refused(
            f"a statement may use {megabytes(memory)} of memory, and {megabytes(there)} are free",
            "set ANALYTICS_REBUILD_MEMORY lower: groups that do not fit go to disk",
        )


def megabytes(size: int) -> str:
    """Bytes for a person."""
    return f"{size / 1e6:,.1f} MB"
