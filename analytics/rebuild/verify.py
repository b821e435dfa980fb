"""The verification of a chain: every column of every key, compared with a second computation.

The second computation reads the sources in one piece, so it shares no chunk with the first one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from analytics.rebuild import barrier, comparison, fill, holding, names, objects, shadow
from analytics.rebuild.engines import Merging
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Outline, undivided_tables, written
from analytics.rebuild.sample import Sample
from analytics.rebuild.server import Server
from analytics.rebuild.verdict import Verdict


def shadows(
    server: Server,
    outline: Outline,
    chunks: Sequence[int],
    batches: Sequence[int],
    *,
    sample: Sample,
    limits: Limits,
) -> Verdict:
    """Verify the rebuilt chain: what all chunks give, those of the batches among them.

    The second computation is over the snapshot and the batches in one piece.
    """
    for source in outline.chain.sources:
        shadow.empty(server, source, source + names.CUT)
        for origin in (source + names.SNAPSHOT, *(names.batch(source, n) for n in batches)):
            shadow.attach(server, source + names.CUT, origin)
    sides = {table: [names.chunk(table, n) for n in chunks] for table in outline.chain.tables}
    verdict = _verdict(server, outline, sides, like=names.SHAPE, sample=sample, limits=limits)
    clean(server, outline)
    return verdict


def serving(
    server: Server, outline: Outline, *, sample: Sample, limits: Limits, timeout: float
) -> Verdict:
    """Verify the current chain against what its sources hold at the same moment.

    Refused if ingest does not stop within `timeout` seconds. What it creates is dropped again.
    """
    sides = {table: [table + names.CUT] for table in outline.chain.tables}
    with cut(server, outline, timeout=timeout):
        came = _merged_before(server, outline)
        return _verdict(server, outline, sides, like="", sample=sample, limits=limits, came=came)


@contextmanager
def cut(server: Server, outline: Outline, *, timeout: float) -> Iterator[None]:
    """Sources and tables as they are at one moment, linked as `__cut` until the block ends.

    Refused if ingest does not stop within `timeout` seconds.
    """
    both = (*outline.chain.sources, *outline.chain.tables)
    try:
        for name in both:
            shadow.empty(server, name, name + names.CUT)
        with (
            holding.noted(server, outline.goal.view, outline.gates),
            barrier.closed(server, outline.gates, timeout=timeout),
        ):
            for name in both:
                shadow.attach(server, name + names.CUT, name)
        yield
    finally:
        clean(server, outline)


def _verdict(
    server: Server,
    outline: Outline,
    sides: Mapping[str, Sequence[str]],
    *,
    like: str,
    sample: Sample,
    limits: Limits,
    came: str = "",
) -> Verdict:
    """Compare the tables in `sides` with the second computation.

    `like` is the suffix of the tables whose columns and engine the compared ones have.
    """
    keep, extent = sample.keep(server, outline, like)
    _compute(server, outline, like=like, limits=limits, keep=keep)
    skipped = {
        table: f"{table}, not compared: its rows depend on the blocks that are inserted"
        for table in undivided_tables(outline)
    }
    compared = []
    for table in (each for each in outline.chain.tables if each not in skipped):
        both = (sides[table], [table + names.CHECK])
        asked = comparison.question(server, table + like, both, written(outline, table), keep)
        asked = replace(asked, came=came)
        compared.append(comparison.compare(server, table, asked, limits.settings))
    return Verdict(tuple(compared), tuple(skipped.values()), extent)


def _merged_before(server: Server, outline: Outline) -> str:
    """Why sums may hold more rows than can be computed again; "" if they may not."""
    both = objects.some(server, (*outline.chain.sources, *outline.chain.tables)).values()
    replaced = ", ".join(each.name for each in both if each.engine == Merging.REPLACED)
    return f"what came twice counts twice in it, and is one row of {replaced}" if replaced else ""


def _compute(server: Server, outline: Outline, *, like: str, limits: Limits, keep: str) -> None:
    """The second computation: `<table>__check` out of `<source>__cut`."""
    for table in outline.chain.tables:
        shadow.empty(server, table + like, table + names.CHECK)
    rows = {source: server.name(source + names.CUT) for source in outline.chain.sources}
    for statement in fill.statements(
        server, outline, rows, into=lambda table: table + names.CHECK, limits=limits, keep=keep
    ):
        server.change(statement)


def clean(server: Server, outline: Outline) -> None:
    """Drop the tables that were created for a verification."""
    chain = outline.chain
    server.drop({name + names.CUT: "TABLE" for name in (*chain.sources, *chain.tables)})
    server.drop({name + names.CHECK: "TABLE" for name in chain.tables})
