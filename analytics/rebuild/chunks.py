"""The chunks in which history is computed: each row of a snapshot is in exactly one.

The parts of a snapshot never change. So a chunk is some whole parts of one partition, or rows of
one part by their offset. Rows are stored in the order of the key, so that these are a range of
keys; a frequent key cannot make the chunk larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from analytics.rebuild import names
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server
from analytics.sql.tokens import literal

MOST = 100  # chunks; a larger source has larger ones

PARTS = """
SELECT name, partition_id, rows, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND table = %(table)s AND active
ORDER BY partition_id, min_block_number, name"""


@dataclass(frozen=True)
class Chunk:
    """A chunk: for each of its sources, the condition on the snapshot."""

    number: int
    bounds: dict[str, str]
    rows: int

    def origins(self, server: Server) -> dict[str, str]:
        """For each source, the text behind FROM that reads its rows."""
        return {
            source: f"{server.name(source + names.SNAPSHOT)} WHERE {bound}"
            for source, bound in self.bounds.items()
        }


@dataclass(frozen=True)
class Part:
    """A part of a table on disk."""

    name: str
    partition: str
    rows: int
    size: int


def plan(server: Server, outline: Outline, *, size: int) -> list[Chunk]:
    """The chunks, of about `size` bytes each; a single one if the chain cannot be divided."""
    parts = {source: _parts(server, source) for source in outline.chain.sources}
    rows = sum(part.rows for of_source in parts.values() for part in of_source)
    if outline.undivided:
        return [Chunk(1, dict.fromkeys(parts, "true"), rows)]
    total = sum(part.size for of_source in parts.values() for part in of_source)
    size = max(size, total // MOST)
    pieces = [
        (source, bound, count)
        for source, of_source in parts.items()
        for bound, count in _pieces(of_source, size)
    ]
    return [
        Chunk(number, {source: bound}, count)
        for number, (source, bound, count) in enumerate(pieces, start=1)
    ]


def to_detail(chunks: list[Chunk]) -> list[dict[str, Any]]:
    """The chunks as values for the record."""
    return [asdict(chunk) for chunk in chunks]


def from_detail(detail: list[Mapping[str, Any]]) -> list[Chunk]:
    """The chunks out of the record."""
    return [Chunk(**each) for each in detail]


def _parts(server: Server, source: str) -> list[Part]:
    rows = server.ask(PARTS, table=f"{source}{names.SNAPSHOT}")
    return [Part(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows]


def _pieces(parts: list[Part], size: int) -> Iterator[tuple[str, int]]:
    """Conditions with their rows: small parts of a partition together, large ones divided."""
    together: list[Part] = []
    for part in parts:
        if together and (
            together[0].partition != part.partition
            or sum(each.size for each in together) + part.size > size
        ):
            yield _whole(together)
            together = []
        if part.size > 2 * size:
            yield from _divided(part, -(-part.size // size))
        else:
            together.append(part)
    if together:
        yield _whole(together)


def _whole(parts: list[Part]) -> tuple[str, int]:
    listed = ", ".join(literal(part.name) for part in parts)
    return f"_part IN ({listed})", sum(part.rows for part in parts)


def _divided(part: Part, number: int) -> Iterator[tuple[str, int]]:
    bounds = [part.rows * i // number for i in range(number + 1)]
    for low, high in pairwise(bounds):
        where = f"_part = {literal(part.name)} AND _part_offset >= {low} AND _part_offset < {high}"
        yield where, high - low
