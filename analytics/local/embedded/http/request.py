"""One HTTP request: its line and its headers.

Not read with h11, which offers no way to allow what a ClickHouse server answers
(tests/local/embedded/test_leniency.py): HTTP/1.1 without a Host, bytes above 0x7E in a URL,
control characters in a header's value.  Its connection also ends with a request of HTTP/1.0, and
needs every answer to pass through it, where ours breaks a body off to show an error.  It took
twice the processor time for a health check and for a body in chunks of 8 KiB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import parse_qsl, urlsplit

MAX_LINE = 1 << 20
MAX_HEADERS = 1 << 20


class BadRequest(Exception):
    """The client does not speak HTTP; the connection ends after this answer."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class Gone(ConnectionError):
    """The client went away in the middle of its body."""


@dataclass(frozen=True)
class Request:
    """A request without its body."""

    method: str
    path: str
    params: dict[str, str]
    version: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants to use the connection again."""
        wish = self.headers.get("connection", "").lower()
        return wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"


def read(stream: BinaryIO) -> Request | None:
    """The next request on the connection, or None at its end."""
    line = stream.readline(MAX_LINE)
    if line in (b"\r\n", b"\n"):  # some clients end a body with an extra line
        line = stream.readline(MAX_LINE)
    if not line:
        return None
    if len(line) == MAX_LINE:
        raise BadRequest(414, "the request line is too long")
    parts = [part.decode("utf-8", "surrogateescape") for part in line.split()]
    if len(parts) != 3 or parts[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise BadRequest(400, "the request line is malformed")
    path, params = _target(parts[1])
    return Request(parts[0], path, params, parts[2], _headers(stream))


def _target(target: str) -> tuple[str, dict[str, str]]:
    try:
        url = urlsplit(target)
        pairs = parse_qsl(
            url.query, keep_blank_values=True, encoding="utf-8", errors="surrogateescape"
        )
    except ValueError as error:
        raise BadRequest(400, "the request's address is malformed") from error
    return url.path, dict(pairs)


def _headers(stream: BinaryIO) -> dict[str, str]:
    found: dict[str, str] = {}
    size = 0
    while line := stream.readline(MAX_HEADERS - size + 1):
        size += len(line)
        if size > MAX_HEADERS:
            raise BadRequest(431, "the headers are too long")
        if not line.strip():
            return found
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name.strip():
            raise BadRequest(400, "a header has no colon")
        found[name.strip().lower()] = value.strip()
    raise Gone("the connection ended inside the headers")
