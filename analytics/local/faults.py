"""Refusals of the system, each as one line with a remedy."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.local.errors import LocalStackError
from analytics.local.processes import AccessDenied

LEAST_FREE = 100 * 1024 * 1024  # bytes on the disk, or nothing is started
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn what the system refuses below `root` into LocalStackError."""
    try:
        yield
    except (PermissionError, AccessDenied) as error:
        thing = getattr(error, "filename", None) or root
        raise LocalStackError(
            f"{thing}: permission denied",
            "run as its owner, or set ANALYTICS_LOCAL_DIR to a folder of your own",
        ) from error
    except OSError as error:
        thing = f"{error.filename or root}: {error.strerror or error}"
        raise LocalStackError(thing, _remedy(error)) from error


def _remedy(error: OSError) -> str:
    if error.errno in FULL:
        return "free some space, then repeat; nothing is lost"
    return "fix the folder, or set ANALYTICS_LOCAL_DIR to another one"


def demand_space(root: Path) -> None:
    """Services on a full disk die in ways that are hard to read: do not start them."""
    free = shutil.disk_usage(root).free
    if free < LEAST_FREE:
        raise LocalStackError(
            f"only {free // 2**20} MB are free for {root}",
            "free some space, or set ANALYTICS_LOCAL_DIR to a folder elsewhere",
        )
