"""The services' log files: kept small, shown, followed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

ROTATE_ABOVE = 10 * 1024 * 1024  # bytes, looked at before a start
TAIL = 256 * 1024  # bytes from the end that the last lines are looked for in
PAUSE = 0.2  # seconds between two looks at a followed log


def rotate(log: Path) -> None:
    """Put a large log aside; the one put aside before goes."""
    if log.exists() and log.stat().st_size > ROTATE_ABOVE:
        log.replace(log.with_suffix(".log.1"))


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def last_lines(log: Path, count: int, *, since: int = 0) -> list[str]:
    """The last lines, of what was written after the first `since` bytes."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(since, size(log) - TAIL))
        lines = file.read().decode(errors="replace").splitlines()
    return lines[-count:] if count else []


def last_words(log: Path, since: int) -> list[str]:
    """The last lines of a process that died, without the frames of a stack trace."""
    lines = last_lines(log, 500, since=since)
    return [line for line in lines if line.strip() and not line.startswith(("\t", " "))][-6:]


def follow(log: Path, since: int) -> Iterator[str]:
    """What is written after the first `since` bytes, for ever, also when the log is put aside."""
    while True:
        yield from _follow_one(log, since)
        since = 0


def _follow_one(log: Path, since: int) -> Iterator[str]:
    """The same until another file has taken the log's place."""
    log.touch()
    with log.open(errors="replace") as file:
        file.seek(since)
        while True:
            replaced = log.exists() and not os.path.samestat(os.fstat(file.fileno()), log.stat())
            if text := file.read():
                yield text
            elif replaced:
                return
            else:
                time.sleep(PAUSE)
