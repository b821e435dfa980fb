"""The forecast of a rebuild: its chain, sizes, time, disk and pauses, before it begins.

A dry run works under the lock, from an outline. What a plan asks without it is in `outlook`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from analytics.rebuild import fill, losses, preflight, sizes, swap
from analytics.rebuild import outline as outlines
from analytics.rebuild.labels import Read
from analytics.rebuild.options import Options
from analytics.rebuild.outline import Goal, Outline
from analytics.rebuild.server import Server
from analytics.rebuild.sizes import Size, megabytes

SAMPLE = 1_000_000  # rows that are computed to measure the speed


@dataclass(frozen=True)
class Foresight:
    """The result of a dry run."""

    outline: Outline
    sizes: dict[str, Size]
    is_instant: bool  # the previous version is kept, and is only swapped
    disk: int  # bytes that it takes for a while
    free: int
    seconds: float  # for the history and both comparisons
    losses: dict[str, str]  # by table: what serves, and no source makes again

    @property
    def lines(self) -> Iterator[str]:
        """The lines for a person."""
        outline = self.outline
        if not outline.changed and not outline.goal.anew:
            yield f"{outline.goal.view} is at that version already: nothing would be done"
            return
        yield f"reads    {', '.join(map(self._sized, outline.chain.sources))}"
        yield f"fills    {', '.join(map(self._sized, outline.chain.tables))}"
        yield f"through  {', '.join(outline.chain.views)}"
        yield f"changes  {', '.join(self._changed(name) for name in outline.changed) or 'nothing'}"
        if outline.undivided:
            yield f"in one piece, because of {', '.join(outline.undivided)}; not verified there"
        held = ", ".join(gate.kafka for gate in outline.gates)
        yield f"holds    {held or 'nothing: no Kafka table feeds it'}"
        if self.is_instant:
            yield "the previous version is kept: it is restored at once, with the rows since"
        else:
            yield from self._costs

    @property
    def _costs(self) -> Iterator[str]:
        parts = sum(self.sizes[source].parts for source in self.outline.chain.sources)
        yield f"pauses   two or three, of which the longest links {parts} parts"
        yield f"disk     about {megabytes(self.disk)} for a while, " + (
            f"{megabytes(self.free)} free"
        )
        yield f"time     about {self.seconds:,.0f} s"
        for text in self.losses.values():
            yield f"LOSES DATA: no source makes again {text}"

    def _sized(self, table: str) -> str:
        size = self.sizes[table]
        return f"{table} ({size.rows:,} rows, {megabytes(size.bytes)})"

    def _changed(self, name: str) -> str:
        return f"{name} to version {self.outline.wanted[name].version}"


def foresee(server: Server, goal: Goal, read: Read, options: Options) -> Foresight:
    """The forecast of a rebuild; Refused, or StatementFailed, where the rebuild would be.

    Ingest is held for a moment, to compare what serves with its sources.
    """
    outline = outlines.make(server, goal, read)
    is_instant = bool(outline.changed) and swap.has_previous(server, outline)
    computes = bool(outline.changed) and not is_instant
    if computes:
        preflight.check(server, outline, memory=options.throttle.limits.memory)
    return Foresight(
        outline,
        sizes.of(server, outline),
        is_instant,
        sizes.disk_needed(server, outline),
        sizes.disk_free(server),
        _seconds(server, outline) if computes else 0.0,
        losses.foreseen(server, outline, options) if computes else {},
    )


def _seconds(server: Server, outline: Outline) -> float:
    """The time for the history, as fast as a sample of its rows.

    It is computed three times: as it serves now, in chunks, and in one piece to verify these.
    """
    total = 0.0
    by_table = sizes.of(server, outline)
    for view in outline.chain.top:
        query = fill.trial(server, outline, view, rows=SAMPLE)
        began = monotonic()
        server.ask(query)
        rows = by_table[outline.chain.source[view]].rows
        total += 3 * (monotonic() - began) * max(rows / SAMPLE, 1)
    return total
