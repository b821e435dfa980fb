"""Free ports: a folder's own or the next, claimed until the service listens there itself."""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from analytics.local.errors import LocalStackError
from analytics.local.service import HOST

TRIES = 200
PATIENCE = 5.0  # seconds until a port that data names must be free
SPREAD = 1000  # folders that have ports of their own


def of_folder(folder: Path, ports: tuple[int, ...]) -> tuple[int, ...]:
    """The ports of a folder's stack: two projects do not share one, even if one of them is down."""
    shift = zlib.crc32(str(folder.resolve()).encode()) % SPREAD
    return tuple(port + shift * len(ports) for port in ports)


def claim(wanted: Iterable[int], claims: ExitStack) -> tuple[int, ...]:
    """For each wanted port the first free one from there on; `claims` holds them for us."""
    return tuple(_claim_from(port, claims) for port in wanted)


def claim_exactly(wanted: Iterable[int], claims: ExitStack) -> tuple[int, ...]:
    """These ports and no others, because data names them; raises LocalStackError if one is busy.

    What a killed server has left may hold its port for a moment.
    """
    ports = tuple(wanted)
    until = time.monotonic() + PATIENCE
    for port in ports:
        while not _claimed(port, claims):
            if time.monotonic() > until:
                raise LocalStackError(
                    f"port {port} is in use, and the tables and connectors of this stack name it",
                    "stop what listens there (the stack of another folder: analytics local down, "
                    "there), or begin again with other ports: analytics local reset",
                )
            time.sleep(0.1)
    return ports


def _claimed(port: int, claims: ExitStack) -> bool:
    """Whether a port is free, and is held by `claims` now."""
    mark = _mark(port)
    if mark is None:
        return False
    if is_free(port):
        claims.enter_context(mark)
        return True
    mark.close()
    return False


def _claim_from(wanted: int, claims: ExitStack) -> int:
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if _claimed(port, claims):
            return port
    raise LocalStackError(f"no port is free from {wanted} on", "stop what listens there")


def is_free(port: int) -> bool:
    """Whether a service could listen there; connections in TIME_WAIT do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return _binds(probe, port)


def _mark(port: int) -> socket.socket | None:
    """A UDP socket of the same number: tells another stack that starts now to look further."""
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if _binds(mark, port):
        return mark
    mark.close()
    return None


def _binds(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind((HOST, port))
    except OSError:
        return False
    return True
