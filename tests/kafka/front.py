"""A front before a worker that wants TLS and a user, as a reverse proxy of an operator's does."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests
import trustme

USER, PASSWORD = "operator", "pl@nted,w0rker/püre"
ANSWER = 100  # seconds that the worker may take


@dataclass
class Front:
    """Its address, the file of the authority that signed its certificate, and the requests."""

    url: str
    ca: Path
    requests: list[tuple[str, str]] = field(default_factory=list)  # method and path


class Server(ThreadingHTTPServer):
    """It answers nobody who is not let in, and forwards the others."""

    def __init__(self, front: Front, worker: str, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.front, self.worker = front, worker
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        front.url = f"https://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that do not trust it hang up."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        """Hand the request on; the refusal shows what was sent, as careless fronts do."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.front.requests.append((self.command, self.path))
        sent = self.headers.get("Authorization")
        if sent != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
            self.say(401, f"no: {sent}".encode())
            return
        url, json = self.server.worker + self.path, {"Content-Type": "application/json"}
        answer = requests.request(self.command, url, data=body, headers=json, timeout=ANSWER)
        self.say(answer.status_code, answer.content)

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
def standing(worker: str, folder: Path, name: str = "127.0.0.1") -> Iterator[Front]:
    """A front of a worker for the time of a block; its certificate is for this name."""
    authority, front = trustme.CA(), Front("", folder / "authority.pem")
    authority.cert_pem.write_to_path(str(front.ca))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with Server(front, worker, context) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield front
        finally:
            server.shutdown()
            thread.join()
