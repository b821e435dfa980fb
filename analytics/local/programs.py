"""Programs that run to their end while the user waits: initdb, Kafka's formatter, Maven."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from analytics.local.errors import LocalStackError


def run(argv: Sequence[str], name: str, *, log: Path, remedy: str = "") -> None:
    """Run with the output in `log`; LocalStackError says the last words of a failure."""
    with log.open("a+b") as output:
        start = output.seek(0, 2)
        done = _wait(argv, output.fileno())
        output.seek(start)
        words = output.read().decode(errors="replace").split("\n")
    if done != 0:
        last = next((line.strip() for line in reversed(words) if line.strip()), "no output")
        raise LocalStackError(f"{name} failed ({last})", remedy or f"read {log}")


def _wait(argv: Sequence[str], output: int) -> int:
    try:
        return subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        ).returncode
    except FileNotFoundError as error:
        raise LocalStackError(f"{argv[0]} is not there", "install it") from error
