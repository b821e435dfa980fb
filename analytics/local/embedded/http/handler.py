"""One client's connection: request after request, each answered or refused."""

from __future__ import annotations

import logging
import socketserver
from typing import Any, BinaryIO, cast

from analytics.local.embedded import errors
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http import request
from analytics.local.embedded.http.answer import ANY_ORIGIN, KEEP_ALIVE, Answer
from analytics.local.embedded.http.body import Body
from analytics.local.embedded.http.headers import common
from analytics.local.embedded.http.request import BadRequest, Request
from analytics.local.embedded.http.respond import respond
from analytics.local.embedded.services import Services

METHODS = {"GET", "POST", "HEAD", "PUT"}
TEXT = "text/plain; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
FIXED = {"/ping": b"Ok.\n", "/replicas_status": b"Ok.\n"}
NO_HANDLE = (
    "There is no handle {}\n\nUse / or /ping for health checks.\n"
    "Or /replicas_status for more sophisticated health checks.\n\n"
    "Send queries from your program with POST method or GET /?query=...\n"
)
PREFLIGHT = {
    **ANY_ORIGIN,
    "Access-Control-Allow-Headers": "origin, x-requested-with, x-clickhouse-format, "
    "x-clickhouse-user, x-clickhouse-key, Authorization, content-type",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
    "Access-Control-Max-Age": "86400",
}

log = logging.getLogger(__name__)


class Handler(socketserver.StreamRequestHandler):
    """The thread of one client connection."""

    rbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = KEEP_ALIVE

    def __init__(self, *connection: Any, services: Services) -> None:
        self.services = services
        super().__init__(*connection)  # serves the connection to its end

    def setup(self) -> None:
        """The connection as two streams of bytes."""
        super().setup()
        self.stream, self.out = cast(BinaryIO, self.rfile), cast(BinaryIO, self.wfile)

    def handle(self) -> None:
        """Serve until the client or a fault ends the connection."""
        try:
            while self._serve():
                pass
        except BadRequest as error:
            Answer(self.out).whole(error.status, f"{error}\n".encode(), {"Content-Type": TEXT})
        except OSError as error:
            log.debug("%s: %s", self.client_address, error)

    def _serve(self) -> bool:
        """One request; whether the connection can take another."""
        found = request.read(self.stream)
        if found is None:
            return False
        body = Body(self.stream, found.headers)
        if found.headers.get("expect", "").lower() == "100-continue" and not body.done:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        answer = Answer(self.out, found)
        self._answer(found, body, answer)
        return answer.keep and body.drain() and answer.keep

    def _answer(self, found: Request, body: Body, answer: Answer) -> None:
        if found.method == "OPTIONS":
            answer.whole(204, b"", PREFLIGHT)
        elif found.method not in METHODS:
            answer.whole(501, b"", {})
        elif found.path in FIXED:
            answer.whole(200, FIXED[found.path], {"Content-Type": HTML})
        elif found.path != "/":
            message = NO_HANDLE.format(found.path).encode("utf-8", "surrogateescape")
            answer.whole(404, message, {"Content-Type": TEXT})
        else:
            self._query(found, body, answer)

    def _query(self, found: Request, body: Body, answer: Answer) -> None:
        try:
            respond(self.services, found, body, answer=answer, socket=self.connection.fileno())
        except DBError as error:
            self._fail(answer, error)

    def _fail(self, answer: Answer, error: DBError) -> None:
        engine = self.services.engine
        answer.forget()
        message = errors.line(error, engine.version)
        if answer.begun:
            answer.cut(b"\n" + message)
            return
        headers = {"Content-Type": TEXT, **common(engine, answer.query_id)}
        headers["X-ClickHouse-Exception-Code"] = str(error.code)
        if error.code in {194, 516}:
            headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
        answer.pack_level = None
        answer.whole(error.status, message, headers)
