"""A worker on a real socket that gives the answers of a script, the last one for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

CLOSED = None
"""In place of an answer: the connection is closed without one."""
Answer = tuple[int, bytes] | None


@dataclass
class Worker:
    """Its address, and the requests that have come: method, path and body."""

    url: str
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)


@contextmanager
def answering(script: Sequence[Answer], port: int = 0) -> Iterator[Worker]:
    """A worker for the time of a block; each request gets the next answer of the script."""
    worker = Worker("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = script[min(len(worker.requests), len(script) - 1)]
            worker.requests.append((self.command, self.path, body))
            if answer is CLOSED:
                self.close_connection = True
                return
            status, text = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            """Nothing: the requests are kept."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        worker.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield worker
        finally:
            server.shutdown()
            thread.join()
