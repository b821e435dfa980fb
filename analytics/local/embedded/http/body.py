"""A request's body, by Content-Length or in chunks, read in pieces.

Not read with h11, for the reasons in `request`: it reads no body without the request before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from analytics.local.embedded.http.request import BadRequest, Gone

PIECE = 1 << 18
DRAIN = 64 << 20
"""So much of an unread body is read to keep the connection; beyond, it is closed."""


class Body:
    """The body that follows a request on the stream."""

    def __init__(self, stream: BinaryIO, headers: Mapping[str, str]) -> None:
        self.stream = stream
        self.chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        self.stated = self.chunked or "content-length" in headers
        self.left = 0 if self.chunked else _length(headers.get("content-length", "0"))
        self.done = not self.chunked and not self.left

    def read(self) -> bytes:
        """The next piece; b"" at the end."""
        if self.chunked and not self.left and not self.done:
            self._next_chunk()
        if self.done:
            return b""
        data = self.stream.read(min(PIECE, self.left))
        if not data:
            raise Gone("the body was cut short")
        self.left -= len(data)
        if not self.left:
            self._end_of_part()
        return data

    def pieces(self) -> Iterator[bytes]:
        """All pieces to the end."""
        while data := self.read():
            yield data

    def drain(self) -> bool:
        """Read what nobody read; whether the connection can be used again."""
        limit = DRAIN
        while not self.done and limit > 0:
            limit -= len(self.read())
        return self.done

    def _next_chunk(self) -> None:
        self.left = _chunk_size(self.stream.readline(PIECE))
        if not self.left:
            while self.stream.readline(PIECE).strip():
                pass  # trailers
            self.done = True

    def _end_of_part(self) -> None:
        if not self.chunked:
            self.done = True
        elif self.stream.readline(PIECE).strip():
            raise BadRequest(400, "a chunk is longer than its size")


def _length(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(400, "Content-Length is not a number")
    return int(text)


def _chunk_size(line: bytes) -> int:
    digits = line.split(b";")[0].strip()
    if not line:
        raise Gone("the body was cut short")
    try:
        size = int(digits, 16)
    except ValueError:
        size = -1
    if size < 0:
        raise BadRequest(400, "a chunk's size is not a number")
    return size
