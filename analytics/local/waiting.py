"""Waiting for services that start: until each one serves, or one is beyond help."""

from __future__ import annotations

import time
from collections.abc import Sequence

from analytics.local import health, launching, logs, processes, records
from analytics.local.errors import LocalStackError
from analytics.local.service import Service

PAUSE = 0.05  # seconds between two looks


def until_all_serve(run: launching.Run, chosen: Sequence[Service], timeout: float) -> None:
    """LocalStackError for the first one that dies for good, or is late."""
    deadline = time.monotonic() + timeout
    waiting = list(chosen)
    while waiting := [each for each in waiting if not _serves(run, each, waiting)]:
        if time.monotonic() > deadline:
            raise _late(run, waiting[0], timeout)
        time.sleep(PAUSE)


def _serves(run: launching.Run, service: Service, waiting: Sequence[Service]) -> bool:
    if any(each.name in service.needs for each in waiting):
        return False  # what it says without its server is worth nothing
    if processes.recorded(run.layout, service.name) is None:
        _revive(run, service)
        return False
    if _lack(run, service):
        return False
    run.report(service.name, f"serves on port {run.ports[service.name][0]}")
    return True


def _lack(run: launching.Run, service: Service) -> str:
    """What keeps it from serving, its database included; nothing if nothing does."""
    try:
        service.check(run.ports)
        service.complete(run.layout, run.ports)
    except OSError as error:
        return health.words(error)
    return ""


def _revive(run: launching.Run, service: Service) -> None:
    """Begin again what died meanwhile, and what died at its start if that may help."""
    if service.name not in run.begun:
        launching.begin(run, service)
    elif service.mend(run.layout):
        run.report(service.name, "died at its start: once more without its class archive")
        launching.begin(run, service)
    else:
        raise _dead(run, service)


def _dead(run: launching.Run, service: Service) -> LocalStackError:
    """Show its last words; no record of it stays."""
    record, log = records.read(run.layout, service.name), run.layout.log(service.name)
    records.remove(run.layout, service.name)
    for line in logs.last_words(log, record.log_start if record else 0):
        run.report(service.name, f"| {line}")
    return LocalStackError(f"{service.name} died at its start", f"read {log}")


def _late(run: launching.Run, service: Service, timeout: float) -> LocalStackError:
    reason = _lack(run, service) or "just became ready"
    return LocalStackError(
        f"{service.name} does not serve after {timeout:.0f} s ({reason})",
        f"read {run.layout.log(service.name)}, then `analytics local down {service.name}` and "
        "`up` again, with --timeout for a slow machine",
    )
