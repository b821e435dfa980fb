"""The person or the job that works, and its process, as records name them."""

from __future__ import annotations

import getpass
import os
import socket

VARIABLE = "ANALYTICS_WHO"
"""Says who it is, such as the job of a CI server; else it is the user of the system."""


def who() -> str:
    """The person or job, and the process: `ann@host:pid`."""
    return f"{_person()}@{process()}"


def process() -> str:
    """The process: `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _person() -> str:
    try:
        return os.environ.get(VARIABLE) or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return f"user {os.getuid()}"
