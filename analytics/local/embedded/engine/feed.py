"""Bytes into the engine: from memory when they are few, through a pipe when not."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from analytics.local.embedded.engine import pipes

RETRY = 0.01


@contextmanager
def feed(data: Iterator[bytes], pool: Executor, kill: Callable[[], int]) -> Iterator[str]:
    """A path from which the engine reads `data`.

    If the data end too early, `kill` ends the query before it sees the end: half of an
    INSERT's data must not look like all of it.
    """
    first = _first(data)
    if len(first) < pipes.SIZE:
        descriptor = pipes.memory(first)
        try:
            yield pipes.path(descriptor)
        finally:
            os.close(descriptor)
        return
    reader, writer = pipes.pipe()
    over = threading.Event()
    pumping = pool.submit(_pump, writer, first, data, kill=kill, over=over)
    try:
        yield pipes.path(reader)
    finally:
        over.set()
        os.close(reader)
        pumping.result()


def _first(data: Iterator[bytes]) -> bytes:
    parts, size = [], 0
    for piece in data:
        parts.append(piece)
        size += len(piece)
        if size >= pipes.SIZE:
            break
    return b"".join(parts)


def _pump(
    writer: int,
    first: bytes,
    data: Iterator[bytes],
    *,
    kill: Callable[[], int],
    over: threading.Event,
) -> None:
    """Write everything; raises what the client's side raised."""
    try:
        pipes.write(writer, first)
        for piece in data:
            pipes.write(writer, piece)
    except BrokenPipeError:
        return  # the engine has read enough, and its own error says why
    except BaseException:
        while not over.is_set() and not kill():  # it may not have begun yet
            over.wait(RETRY)
        raise
    finally:
        os.close(writer)
