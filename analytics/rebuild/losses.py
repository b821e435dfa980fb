"""The losses of a rebuild: what serves, and no source makes again.

A rebuild computes its tables from their sources alone. What a table has beside that is gone from
what serves: rows that were imported or that another writer has sent, keys whose source rows were
dropped or have expired, sums over rows that the source has merged since, values that were filled
in by hand. So the serving version is computed once more from the snapshot, and compared with what
served at that moment, before anything else is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analytics.errors import DataLoss
from analytics.rebuild import carried, ending, fill, kept, names, objects, shadow, verify
from analytics.rebuild import outline as outlines
from analytics.rebuild import record as records
from analytics.rebuild.comparison import Compared
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server


def check(server: Server, outline: Outline, record: Record, options: Options) -> None:
    """DataLoss, with everything dropped, for a loss that was not allowed by the table's name."""
    if record.has(State.COMPARED):
        return
    compared = _compared(server, outline, options, sources=names.SNAPSHOT, served=names.SERVED)
    found = {each.table: each for each in compared}
    lost = {table: str(each.difference) for table, each in found.items() if each.difference}
    lines = [*_said(found), *(f"not made by its sources, {text}" for text in lost.values())]
    for line in lines:
        server.watch.say(line)
    refused = {table: text for table, text in lost.items() if not options.allows(table)}
    if refused:
        ending.give_up(server, record, State.REFUSED, why="; ".join(refused.values()))
        raise DataLoss(
            [f"{outline.goal.view}: no source makes again {text}" for text in refused.values()],
            refused,
        )
    rows = carried.chunk(server, outline, options.throttle.limits)
    for line in carried.said(rows):
        server.watch.say(line)
    record.write(State.COMPARED, lost=lost, kept=rows)
    _drop(server, outline)


def of_previous(server: Server, tables: Iterable[str], options: Options) -> None:
    """DataLoss before previous versions are dropped that hold the only copy of something."""
    copies = only_copies(server, tables)
    refused = {name: text for name, text in copies.items() if not options.allows(name)}
    if refused:
        raise DataLoss(
            [f"{name} is dropped, the only copy of {text}" for name, text in refused.items()],
            refused,
        )


def only_copies(server: Server, tables: Iterable[str]) -> dict[str, str]:
    """The previous versions of tables that hold something which nothing else has, each with that.

    They do where the last rebuild of a table was allowed to leave out what no source makes.
    """
    left_out = {
        table: str((record.detail(State.COMPARED) or {}).get("lost", {}).get(table, ""))
        for record in records.all_of(server)
        if record.has(State.SWAPPED)
        for table in (record.detail(State.PLANNED) or {}).get("tables", ())
    }
    copies = {f"{table}{names.PREVIOUS}": left_out.get(table) for table in tables}
    existing = objects.some(server, copies)
    return {name: text for name, text in copies.items() if text and name in existing}


def foreseen(server: Server, outline: Outline, options: Options) -> dict[str, str]:
    """What a rebuild would lose now, by table: what serves is compared, and nothing is kept.

    Refused if ingest does not stop in time.
    """
    with verify.cut(server, outline, timeout=options.barrier):
        found = list(_compared(server, outline, options, sources=names.CUT, served=names.CUT))
    server.drop({table + names.KEPT: "TABLE" for table in outline.goal.keep})
    return {each.table: str(each.difference) for each in found if each.difference}


def _compared(
    server: Server, outline: Outline, options: Options, *, sources: str, served: str
) -> Iterator[Compared]:
    """Each table of the chain, what served against what its sources make of it.

    Both are tables with these suffixes, linked at one moment.
    """
    serving, limits = outlines.serving(server, outline), options.throttle.limits
    tables = outline.chain.tables
    for table in tables:
        shadow.empty(server, table, table + names.CHECK)
    origins = {source: server.name(source + sources) for source in outline.chain.sources}
    for view, statement in fill.by_view(
        server, serving, origins, into=lambda table: table + names.CHECK, limits=limits
    ):
        server.change(statement)
        table = outline.chain.target[view]
        if table in outline.goal.keep and view == outline.chain.writers(table)[-1]:
            carried.aside(server, table, table + served)
    undivided = outlines.undivided_tables(serving)
    for table in tables:
        yield kept.missing(
            server,
            table,
            (table + served, table + names.CHECK),
            written=outlines.written(serving, table),
            is_divided=table not in undivided,
            settings=limits.settings,
        )


def _said(found: dict[str, Compared]) -> Iterator[str]:
    for table, each in found.items():
        yield from (f"{table}, what serves is not compared: {column}" for column in each.left_out)


def _drop(server: Server, outline: Outline) -> None:
    suffixes = (names.SERVED, names.CHECK, names.KEPT)
    server.drop({t + suffix: "TABLE" for t in outline.chain.tables for suffix in suffixes})
