"""The answer to one request, as it leaves: status, headers, body whole or in chunks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import BinaryIO

from analytics.local.embedded.http.compression import Packer, packer
from analytics.local.embedded.http.headers import compact, one_line
from analytics.local.embedded.http.request import Request

KEEP_ALIVE = 300
"""Seconds that an idle connection stays open."""
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


class Answer:
    """Writes to the client.  The last bytes can be held until the query is off the books."""

    def __init__(self, out: BinaryIO, request: Request | None = None) -> None:
        self.out = out
        self.silent = request is not None and request.method == "HEAD"
        self.chunks = request is None or request.version == "HTTP/1.1"
        self.keep = request is not None and request.keep_alive
        self.begun = False
        self.line_sent = False
        self.query_id = ""
        self.holds = False
        self.held = b""
        self.cors = ANY_ORIGIN if request and "origin" in request.headers else {}
        self.accepted = request.headers.get("accept-encoding", "") if request else ""
        self.packs: Packer | None = None
        self.pack_level: int | None = None

    def whole(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
        """Status, headers and body at once."""
        packing, data = self._pack_whole(data)
        length = {"Content-Length": str(len(data))}
        self.begun = True
        head = self._head(status, {**headers, **packing, **length})
        self._last(head + (b"" if self.silent else data))

    def begin(self, headers: Mapping[str, str]) -> None:
        """Status 200 and headers of a body of unknown length."""
        packing = self._start_packing()
        self.keep = self.keep and self.chunks
        coding = {"Transfer-Encoding": "chunked"} if self.chunks else {}
        self.begun = True
        head = self._head(
            200, {**headers, **({"Content-Encoding": packing[0]} if packing else {}), **coding}
        )
        self.out.write(head)
        if packing:
            self._chunk(packing[1])

    def piece(self, data: bytes) -> None:
        """The next bytes of the body."""
        self._chunk(self.packs.compress(data) if self.packs else data)

    def end(self) -> None:
        """The end of the body."""
        if self.packs:
            self._chunk(self.packs.flush())
        self._last(b"0\r\n\r\n" if self.chunks and not self.silent else b"")

    def cut(self, message: bytes) -> None:
        """An error in mid-stream: it ends the body, whose missing end shows that."""
        self.keep = False
        self.piece(message)
        if self.packs:
            self._chunk(self.packs.flush())

    def progress(self, values: dict[str, str]) -> None:
        """One X-ClickHouse-Progress header.  As with a server, the status is 200 from here on."""
        line = f"X-ClickHouse-Progress: {compact(values)}\r\n"
        self.out.write((self._status_line(200) + line).encode())

    def release(self) -> None:
        """Send the held bytes; nothing is held from here on."""
        data, self.held, self.holds = self.held, b"", False
        if data:
            self.out.write(data)

    def forget(self) -> None:
        """Drop the held bytes: something failed after they were written."""
        if self.held:
            self.held, self.begun, self.line_sent = b"", False, False
        self.holds = False

    def _last(self, data: bytes) -> None:
        if self.holds:
            self.held += data
        else:
            self.out.write(data)

    def _chunk(self, data: bytes) -> None:
        if not data or self.silent:
            return
        self.out.write(b"%x\r\n%b\r\n" % (len(data), data) if self.chunks else data)

    def _head(self, status: int, headers: Mapping[str, str]) -> bytes:
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        keep = {"Connection": "Keep-Alive", "Keep-Alive": f"timeout={KEEP_ALIVE}"}
        every = {
            "Date": date,
            **self.cors,
            **(keep if self.keep else {"Connection": "Close"}),
            **headers,
        }
        lines = "".join([f"{name}: {one_line(value)}\r\n" for name, value in every.items()])
        return (self._status_line(status) + lines + "\r\n").encode("latin-1", "replace")

    def _status_line(self, status: int) -> str:
        if self.line_sent:
            return ""
        self.line_sent = True
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"

    def _start_packing(self) -> tuple[str, bytes] | None:
        if self.pack_level is None or not (found := packer(self.accepted, self.pack_level)):
            return None
        name, first, self.packs = found
        return name, first

    def _pack_whole(self, data: bytes) -> tuple[dict[str, str], bytes]:
        if not data or not (packing := self._start_packing()) or not self.packs:
            return {}, data
        return {"Content-Encoding": packing[0]}, packing[1] + self.packs.compress(
            data
        ) + self.packs.flush()
