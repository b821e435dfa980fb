"""Files and folders that are whole or not there: filled beside their place and renamed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace `path` in one step; nobody ever sees half of it, nor a wider mode than `mode`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "w") as file:
            os.fchmod(descriptor, mode)  # the umask must not hide it from PostgreSQL's user
            file.write(text)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`; empty when the file is missing or not an object."""
    try:
        value = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def fresh(place: Path) -> Path:
    """An empty private folder to fill and rename to `place`; what was left half-filled goes.

    Its name is new each time: somebody who was killed may have left a program that still writes.
    """
    for leftover in (place, *place.parent.glob(f"{place.name}.new.*")):
        shutil.rmtree(leftover, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{place.name}.new.", dir=place.parent))
