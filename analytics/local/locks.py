"""One command at a time: a lock on the stack's folder that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.local.service import Report


@contextmanager
def hold(path: Path, purpose: str, report: Report) -> Iterator[None]:
    """Hold the lock; a second caller waits, and reports for which command."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            report("stack", f"waits for {file.read() or 'another command'}")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(f"`analytics local {purpose}` (process {os.getpid()})")
        file.flush()
        yield
