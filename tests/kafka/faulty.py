"""A worker that carries out what it is asked and answers badly, or does not carry it out at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import requests

ANSWER = 100  # seconds that the real worker may take
ALWAYS = 1_000_000  # times
NEVER = -1  # in place of a status: no answer comes


@dataclass
class Faulty:
    """Its address; what it does to requests whose `METHOD path` matches, and which those were.

    It answers with a status, or with 0 closes the connection; `is_done` says that the real worker
    gets the request before. After so many `times` it is a good worker again.
    """

    worker: str
    url: str = ""
    pattern: str = "nothing"
    status: int = 500
    is_done: bool = False
    times: int = ALWAYS
    seen: list[str] = field(default_factory=list)

    def hits(self, request: str) -> bool:
        """Whether this request is to be spoilt."""
        is_hit = len(self.seen) < self.times and re.fullmatch(self.pattern, request) is not None
        self.seen += [request] * is_hit
        return is_hit


class Server(ThreadingHTTPServer):
    def __init__(self, faulty: Faulty) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faulty = faulty
        faulty.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        faulty = self.server.faulty
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_hit = faulty.hits(f"{self.command} {self.path}")
        answer = self.ask(body) if faulty.is_done or not is_hit else None
        if not is_hit and answer is not None:
            self.say(answer.status_code, answer.content)
        elif faulty.status == NEVER:
            self.rfile.read(1)  # until the client gives up
        elif faulty.status:
            self.say(faulty.status, b'{"message": "no, not now"}')
        else:
            self.close_connection = True

    def ask(self, body: bytes) -> requests.Response:
        url, json = self.server.faulty.worker + self.path, {"Content-Type": "application/json"}
        return requests.request(self.command, url, data=body, headers=json, timeout=ANSWER)

    def say(self, status: int, text: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_POST = do_DELETE = forward

    def log_message(self, *_: object) -> None:
        """Nothing: the requests are kept."""


@contextmanager
def before(worker: str) -> Iterator[Faulty]:
    """A faulty worker before a real one, for the time of a block."""
    faulty = Faulty(worker)
    with Server(faulty) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield faulty
        finally:
            server.shutdown()
            thread.join()
