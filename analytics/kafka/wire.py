"""The few requests of Kafka's protocol that a login needs, on a socket."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

HANDSHAKE, AUTHENTICATE = 17, 36  # the keys of the requests; each is sent in its version 1
NO_ERROR = 0
CLIENT = b"analytics"
LONGEST = 1 << 20  # bytes of an answer: more is no broker's


@dataclass(frozen=True)
class Wire:
    """A connection to a broker; each question raises OSError without an answer."""

    connection: socket.socket

    def handshake(self, mechanism: str) -> tuple[int, list[str]]:
        """Ask for a login with this mechanism: an error's code, and the mechanisms on offer."""
        answer = self._ask(HANDSHAKE, struct.pack(">h", len(mechanism)) + mechanism.encode())
        code, count = struct.unpack_from(">hi", answer)
        offered, at = [], 6
        for _ in range(count):
            (length,) = struct.unpack_from(">h", answer, at)
            offered.append(answer[at + 2 : at + 2 + length].decode())
            at += 2 + length
        return code, offered

    def authenticate(self, token: bytes) -> bytes:
        """Send a message of the mechanism; the broker's. PermissionError with its refusal."""
        answer = self._ask(AUTHENTICATE, struct.pack(">i", len(token)) + token)
        code, length = struct.unpack_from(">hh", answer)
        after = 4 + max(length, 0)
        if code != NO_ERROR:
            raise PermissionError(answer[4:after].decode(errors="replace"))
        (size,) = struct.unpack_from(">i", answer, after)
        return answer[after + 4 : after + 4 + size]

    def _ask(self, key: int, body: bytes) -> bytes:
        request = struct.pack(">hhih", key, 1, 0, len(CLIENT)) + CLIENT + body
        self.connection.sendall(struct.pack(">i", len(request)) + request)
        (length,) = struct.unpack(">i", self._read(4))
        if not 4 <= length <= LONGEST:
            raise ConnectionError("the answer is not a broker's")
        return self._read(length)[4:]

    def _read(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            received = self.connection.recv(count - len(read))
            if not received:
                raise ConnectionError("the connection was closed without an answer")
            read += received
        return read
