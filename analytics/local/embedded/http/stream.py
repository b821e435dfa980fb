"""Results out of the engine: through a pipe, in constant memory, at the client's pace."""

from __future__ import annotations

import os
import select
from concurrent.futures import wait
from typing import Any

from analytics.local.embedded.engine import pipes
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http.job import Job, statistics
from analytics.local.embedded.http.outlet import Outlet, progress_interval
from analytics.local.embedded.sql import disguise
from analytics.local.embedded.sql.statement import Statement

RETRY = 0.01
HALF_CLOSED = 1000
"""Milliseconds for a client that closed its sending side to still get a result."""


def run(job: Job) -> dict[str, int]:
    """Run a SELECT and send what it yields; returns its statistics."""
    every = progress_interval(job.options)
    reader, writer = pipes.pipe()
    call = job.services.pool.submit(_select, job, writer)
    outlet = Outlet(job, call, every)
    try:
        _forward(job, reader, outlet)
        found = statistics(call.result())
        outlet.finish(found)
        return found
    except OSError:  # the client is gone, and a closed pipe alone does not end the query
        job.answer.keep = False
        while not call.done() and not job.kill():  # it may not have begun yet
            wait([call], RETRY)
        raise
    finally:
        while os.read(reader, pipes.SIZE):
            pass  # the engine must not wait for a full pipe
        os.close(reader)
        wait([call])
        outlet.close()


def into_file(statement: Statement, path: str) -> bytes:
    """The SELECT, writing its result into the file at `path`."""
    into, text, clause = disguise.into_file(path), statement.text, statement.format
    if clause is None:
        return text[: statement.end] + b" " + into
    return text[: clause.start] + into + b" " + text[clause.start : statement.end]


def _select(job: Job, writer: int) -> Any:
    try:
        return _select_into(job, writer)
    finally:
        os.close(writer)


def _select_into(job: Job, writer: int) -> Any:
    statement = job.source.statement
    try:
        return job.run(into_file(statement, pipes.path(writer)))
    except DBError as error:
        if not error.is_syntax:
            raise
    result = job.run(statement.text[: statement.end])  # names the places of its own text
    pipes.write(writer, result.bytes())
    return result


def _forward(job: Job, reader: int, outlet: Outlet) -> None:
    """Hand the engine's bytes to the outlet until they end or the client goes away."""
    ends, watch = _poll(reader), _poll(reader)
    watch.register(job.socket, select.POLLRDHUP | select.POLLHUP)
    while True:
        ready = dict(watch.poll(outlet.wait()))
        if not ready:
            outlet.idle()
            continue
        if reader not in ready and not ends.poll(HALF_CLOSED):
            raise ConnectionResetError
        data = os.read(reader, pipes.SIZE)
        if not data or outlet.take(data):
            return


def _poll(reader: int) -> select.poll:
    poll = select.poll()
    poll.register(reader, select.POLLIN | select.POLLHUP)
    return poll
