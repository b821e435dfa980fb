"""The HTTP server: a thread for each client connection, and a clean stop."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analytics.local.embedded import services
from analytics.local.embedded.http.handler import Handler
from analytics.local.embedded.services import Services
from analytics.local.errors import LocalStackError

log = logging.getLogger(__name__)
PATIENCE = 10.0
"""Seconds that running queries get at a stop, before they are killed."""


class Server(socketserver.ThreadingTCPServer):
    """Takes its port at once, and connections when the engine is up."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    services: Services

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), self._handler, bind_and_activate=False)
        try:
            self.server_bind()
            self.server_activate()
        except OSError as error:
            self.server_close()
            raise LocalStackError(
                f"port {port} on {host} cannot be used ({error.strerror})",
                "stop what uses it, or name another with --port",
            ) from None

    def _handler(self, *connection: Any) -> Handler:
        return Handler(*connection, services=self.services)

    def handle_error(self, request: object, client_address: object) -> None:
        """A bug in a handler: its traceback goes to the log."""
        log.exception("the connection of %s failed", client_address)


def start(
    root: Path, users: Mapping[str, str], *, address: tuple[str, int], name: str, extra: str
) -> Server:
    """Serve the folder; returns when requests are answered."""
    server = Server(*address)
    try:
        server.services = services.start(root, users, name=name, extra=extra)
    except LocalStackError:
        server.server_close()
        raise
    threading.Thread(target=server.serve_forever, args=(0.05,), name="accept", daemon=True).start()
    return server


def stop(server: Server) -> None:
    """Take no more connections, let queries end, close the folder."""
    server.shutdown()
    server.server_close()
    server.services.stop(PATIENCE)
