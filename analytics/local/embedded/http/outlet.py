"""The way of a streamed result to the client: held at first, then in chunks."""

from __future__ import annotations

import tempfile
from concurrent.futures import Future
from typing import Any

from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.engine.pipes import SIZE
from analytics.local.embedded.http.job import Job

HOLD = 50
"""Milliseconds.  A server commits to 200 with its first block; this gives errors a moment more."""


class Outlet:
    """Holds a result's first bytes back, so that an early error keeps its HTTP status."""

    def __init__(self, job: Job, call: Future[Any], every: int | None) -> None:
        self.job, self.call, self.every = job, call, every
        self.whole = job.options.on("wait_end_of_query")
        self.held = tempfile.SpooledTemporaryFile(max_size=SIZE)  # noqa: SIM115 - see close()
        self.size = 0

    def wait(self) -> int | None:
        """Milliseconds to wait for more, or None for as long as it takes."""
        if self.job.answer.begun:
            return None
        return HOLD if self.size and not self.whole else self.every

    def idle(self) -> None:
        """Nothing came for a while."""
        if self.size and not self.whole:
            self._begin()
        elif values := self.job.services.processes.progress(self.job.options.query_id):
            self.job.answer.progress(values)

    def take(self, data: bytes) -> bool:
        """Take the next bytes; whether the query has failed, so that no more need be read."""
        if self.job.answer.begun:
            self.job.answer.piece(data)
            return False
        self.held.write(data)
        self.size += len(data)
        if self.size < SIZE or self.whole:
            return False
        if self.call.done() and self.call.exception():
            return True
        self._begin()
        return False

    def finish(self, statistics: dict[str, int]) -> None:
        """The result is whole."""
        answer = self.job.answer
        if not answer.begun and self.size < SIZE and not answer.line_sent:
            self.held.seek(0)
            self.job.send(self.held.read(), statistics)
            return
        if not answer.begun:
            self._begin(statistics)
        answer.end()

    def _begin(self, statistics: dict[str, int] | None = None) -> None:
        headers = self.job.headers(statistics or {})
        if statistics is None:
            del headers["X-ClickHouse-Summary"]
        self.job.answer.begin(headers)
        self.held.seek(0)
        while data := self.held.read(SIZE):
            self.job.answer.piece(data)

    def close(self) -> None:
        """Drop what was held."""
        self.held.close()


def progress_interval(options: Options) -> int | None:
    """Milliseconds between two progress headers, if the client wants them."""
    every = options.number("http_headers_progress_interval_ms", 100)
    return every if options.on("send_progress_in_http_headers") else None
