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
    """What a process that died said last, without the frames of a stack trace."""
    lines = last_lines(log, 500, since=since)
    return [line for line in lines if line.strip() and not line.startswith(("\t", " "))][-6:]


def follow(log: Path) -> Iterator[str]:
    """What is written from now on, for ever, also after the log was put aside."""
    log.touch()
    file = log.open(errors="replace")
    file.seek(0, 2)
    while True:
        text = file.read()
        if text:
            yield text
            continue
        if log.exists() and log.stat().st_ino != os.fstat(file.fileno()).st_ino:
            file.close()
            file = log.open(errors="replace")
        time.sleep(PAUSE)
