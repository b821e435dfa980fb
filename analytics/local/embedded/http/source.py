"""A request's statement, and the data that comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http.body import Body
from analytics.local.embedded.http.compression import BY_ENGINE, unpacked
from analytics.local.embedded.sql.scan import scan
from analytics.local.embedded.sql.statement import Statement

FIRST_LOOK = 1 << 20
"""So many bytes are read to find a statement's data."""
MAX_TEXT = 64 << 20
"""A statement without data may be so long; the engine's own max_query_size is far less."""


@dataclass(frozen=True)
class Source:
    """A statement; the INSERT's data in pieces, still packed with `codec`."""

    statement: Statement
    data: Iterator[bytes] = field(default_factory=lambda: iter(()))
    codec: str = "none"
    whole: bool = False
    """Whether the statement's text already holds all data."""


def split(query: bytes, body: Body, encoding: str) -> Source:
    """Statement and data, from the URL's query and the body: one text, as a server reads it."""
    in_url = scan(query)
    if in_url.data_at is None and body.done:
        return Source(in_url)
    if in_url.data_at is None:
        return _split_text(query, unpacked(body.pieces(), encoding), body)
    inline = query[in_url.data_at :]
    if not inline and encoding in BY_ENGINE:
        return Source(in_url, body.pieces(), BY_ENGINE[encoding])
    first = [inline, b"\n"] if inline and not body.done else [inline]
    data = chain(first, unpacked(body.pieces(), encoding))
    return Source(in_url, data, whole=body.done)


def _split_text(query: bytes, pieces: Iterator[bytes], body: Body) -> Source:
    text = _read(query + b"\n" if query else b"", pieces, FIRST_LOOK)
    statement = scan(text)
    if statement.data_at is not None:
        data = chain([text[statement.data_at :]], pieces)
        return Source(statement, data, whole=body.done)
    rest = _read(text, pieces, MAX_TEXT)
    if len(rest) >= MAX_TEXT:
        raise DBError(62, f"Max query size exceeded ({MAX_TEXT} bytes)")
    return Source(scan(rest) if len(rest) > len(text) else statement)


def _read(text: bytes, pieces: Iterator[bytes], limit: int) -> bytes:
    parts, size = [text], len(text)
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size >= limit:
            break
    return b"".join(parts)
