"""Pipes and memory files, by whose paths the engine reads and writes streams."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress

SIZE = 1 << 20


def pipe() -> tuple[int, int]:
    """A pipe that holds SIZE bytes where the system allows it: (read end, write end)."""
    reader, writer = os.pipe()
    with suppress(OSError):  # a user's pipes are limited together; a smaller one works, too
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SIZE)
    return reader, writer


def memory(data: bytes) -> int:
    """A file in memory with these bytes."""
    descriptor = os.memfd_create("data", os.MFD_CLOEXEC)
    write(descriptor, data)
    return descriptor


def write(descriptor: int, data: bytes) -> None:
    """Write all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def path(descriptor: int) -> str:
    """The name under which the engine, in this process, opens it."""
    return f"/proc/self/fd/{descriptor}"
