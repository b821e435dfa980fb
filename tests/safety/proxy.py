"""A TCP proxy that breaks at a message: what a network, a kill or a crash do to a release."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 1 << 16


@dataclass
class Proxy:
    """Passes messages on to a server; before or after the one numbered `at`, it breaks.

    `breaks` is called then; "before" the server has seen the message, or "after" it has answered.
    With "never" the answer is swallowed, with "lost" the message; the connection stays open.
    """

    server: tuple[str, int]
    at: int = -1
    when: str = "before"
    breaks: Callable[[], None] = lambda: None
    text: bytes = b""  # a pattern: count only the messages in which it is found
    replaces: tuple[bytes, bytes] = (b"", b"")  # in every message, the one by the other
    seen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(
        self, at: int | bytes, when: str, breaks: Callable[[], None], *, of: bytes = b""
    ) -> None:
        """Break at that message from now on, once: its number, or the first with a pattern.

        With `of`, only messages are counted in which that pattern is found.
        """
        with self._lock:
            self.seen, self.when, self.breaks = 0, when, breaks
            self.at = at if isinstance(at, int) else 1
            self.text = at if isinstance(at, bytes) else of

    def serve(self, client: socket.socket) -> None:
        """One connection, until either side closes it or it is broken."""
        with suppress(OSError), client, socket.create_connection(self.server) as server:
            for each in (client, server):  # small messages go on at once
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = Answers(server, client)
            threading.Thread(target=answers.pass_on, daemon=True).start()
            self._pass_on(client, server, answers)
            server.shutdown(socket.SHUT_RDWR)  # closing it would wait for the other thread

    def _pass_on(self, client: socket.socket, server: socket.socket, answers: Answers) -> None:
        while message := client.recv(CHUNK):
            message = message.replace(*self.replaces) if self.replaces[0] else message
            if not self._is_due(message):
                server.sendall(message)
                continue
            answers.wanted.clear()
            if self.when in ("never", "lost"):
                server.sendall(message if self.when == "never" else b"")
                continue
            if self.when == "after":
                server.sendall(message)
                answers.came.wait(timeout=1)  # half of a request has no answer
            self.breaks()
            return

    def _is_due(self, message: bytes) -> bool:
        with self._lock:
            found = re.search(self.text, message) is not None
            self.seen += found
            return found and self.seen == self.at


class Answers:
    """What the server says on one connection: passed on as long as it is wanted."""

    def __init__(self, server: socket.socket, client: socket.socket) -> None:
        self.server, self.client = server, client
        self.wanted, self.came = threading.Event(), threading.Event()
        self.wanted.set()

    def pass_on(self) -> None:
        with suppress(OSError):
            while answer := self.server.recv(CHUNK):
                if self.wanted.is_set():
                    self.client.sendall(answer)
                else:
                    self.came.set()
        with suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)


@contextmanager
def running(host: str, port: int) -> Iterator[tuple[Proxy, int]]:
    """A proxy in front of a server, and the port on which it listens."""
    proxy = Proxy((host, port))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_listen, args=(listener, proxy), daemon=True).start()
        yield proxy, listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _listen(listener: socket.socket, proxy: Proxy) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=proxy.serve, args=(client,), daemon=True).start()
