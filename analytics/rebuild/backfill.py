"""The backfill: history, chunk by chunk. A chunk that no record knows as done starts from empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from analytics.rebuild import fill, names, shadow
from analytics.rebuild.chunks import Chunk
from analytics.rebuild.outline import Outline
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server
from analytics.rebuild.throttle import Throttle, lag


@dataclass
class Progress:
    """The progress of a backfill."""

    server: Server
    view: str
    total: int  # rows
    done: int = 0
    began: float = 0.0
    fresh: int = 0  # rows done by this run

    def add(self, rows: int, *, is_fresh: bool, behind: int | None) -> None:
        """Report that a chunk is done."""
        self.done += rows
        self.fresh += rows if is_fresh else 0
        seconds = max(monotonic() - self.began, 1e-3)
        speed = self.fresh / seconds
        remaining = f", {(self.total - self.done) / speed:,.0f} s left" if speed else ""
        ingest = "" if behind is None else f", ingest {behind:,} messages behind"
        self.server.watch.progress(
            f"{self.view}: {self.done:,} of {self.total:,} rows, "
            f"{speed:,.0f} rows/s{remaining}{ingest}",
            self.done,
            self.total,
        )


def run(
    server: Server, outline: Outline, record: Record, chunks: Sequence[Chunk], throttle: Throttle
) -> None:
    """Compute every chunk that the record does not know as done."""
    progress = Progress(
        server, outline.goal.view, sum(chunk.rows for chunk in chunks), began=monotonic()
    )
    sources = outline.chain.sources
    busy = (*sources, *(source + names.SINCE for source in sources))
    for chunk in chunks:
        is_fresh = not record.has(State.CHUNK, str(chunk.number))
        if is_fresh:
            throttle.wait_while_busy(server, busy, outline.gates)
            began = monotonic()
            empty_chunk(server, outline, chunk.number)
            compute(server, outline, chunk.number, chunk.origins(server), throttle)
            record.write(
                State.CHUNK,
                str(chunk.number),
                rows=chunk.rows,
                seconds=round(monotonic() - began, 3),
            )
        progress.add(chunk.rows, is_fresh=is_fresh, behind=lag(server, outline.gates))


def compute(
    server: Server, outline: Outline, number: int, origins: Mapping[str, str], throttle: Throttle
) -> None:
    """Compute a chunk out of rows of the sources; `origins` has the text behind FROM for each."""
    for statement in fill.statements(
        server,
        outline,
        origins,
        into=lambda table: names.chunk(table, number),
        limits=throttle.limits,
    ):
        server.change(statement, query_id=server.query_id(f"chunk-{number}"))


def empty_chunk(server: Server, outline: Outline, number: int) -> None:
    """Create the tables of a chunk, without rows."""
    for table in outline.chain.tables:
        shadow.empty(server, table + names.SHAPE, names.chunk(table, number))
