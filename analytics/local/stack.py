"""The stack as a whole, for the command line, the demo and tests: up, status, down, reset."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from analytics import settings
from analytics.errors import LocalStackError
from analytics.local import endpoints, locks, processes, records, starting, stopping
from analytics.local.layout import Layout
from analytics.local.service import Report, Service, quiet
from analytics.local.services import select, with_needs

START_TIMEOUT = 120.0  # seconds until all services must serve
LEAST_FREE = 100 * 1024 * 1024  # bytes on the disk, or nothing is started


@dataclass(frozen=True)
class ServiceStatus:
    """One service as it is now."""

    name: str
    healthy: bool
    state: str  # "healthy", "down", or what is wrong
    pid: int | None
    ports: tuple[int, ...]  # the one for clients first; empty when it is down
    address: str | None
    memory_mb: int | None
    up_seconds: int | None
    log: str


def layout() -> Layout:
    return Layout(settings.local_dir())


def up(
    services: Iterable[str] | None = None,
    *,
    report: Report = quiet,
    timeout: float = START_TIMEOUT,
) -> tuple[ServiceStatus, ...]:
    """Start what is missing of these services (none: all) and wait until they serve."""
    place, chosen = layout(), with_needs(select(services))
    with _alone(place, "up", report):
        _demand_space(place)
        try:
            starting.start(place, chosen, report=report, timeout=timeout)
        finally:
            endpoints.refresh(place)
    return tuple(_status(place, service) for service in chosen)


def status(services: Iterable[str] | None = None) -> tuple[ServiceStatus, ...]:
    """How these services (none: all) are, each one asked."""
    return tuple(_status(layout(), service) for service in select(services))


def down(services: Iterable[str] | None = None, *, report: Report = quiet) -> None:
    """End these services (none: all); their data stays."""
    place = layout()
    if place.root.exists():
        with _alone(place, "down", report):
            stopping.stop(place, select(services), report=report)


def reset(*, report: Report = quiet) -> None:
    """End all services and throw their data away; logs and passwords stay."""
    place = layout()
    if not place.root.exists():
        return
    with _alone(place, "reset", report):
        stopping.stop(place, select(None), report=report)
        _discard_data(place)


def _discard_data(place: Layout) -> None:
    """Move the data away before deleting: what is half deleted must never be started."""
    condemned = place.root / "data.old"
    shutil.rmtree(condemned, ignore_errors=True)
    (place.root / "data").rename(condemned)
    shutil.rmtree(condemned)


def _status(place: Layout, service: Service) -> ServiceStatus:
    record, process = records.read(place, service.name), stopping.find(place, service)
    ports = record.ports if record and process else ()
    state = _state(service, process, ports)
    return ServiceStatus(
        name=service.name,
        healthy=state == "healthy",
        state=state,
        pid=process.pid if process else None,
        ports=ports,
        address=next(iter(service.endpoint({service.name: ports}).values())) if ports else None,
        memory_mb=processes.memory(process) // 2**20 if process else None,
        up_seconds=int(time.time() - process.create_time()) if process else None,
        log=str(place.log(service.name)),
    )


def _state(service: Service, process: psutil.Process | None, ports: tuple[int, ...]) -> str:
    if process is None:
        return "down"
    if not ports:
        return "runs without a record: `analytics local up` starts it anew"
    return starting.problem(service, {service.name: ports}) or "healthy"


@contextmanager
def _alone(place: Layout, purpose: str, report: Report) -> Iterator[None]:
    """The folder is there and ours alone; what the system refuses becomes one line."""
    try:
        place.make()
        with locks.hold(place.lock, purpose, report):
            yield
    except PermissionError as error:
        raise LocalStackError(
            f"{error.filename or place.root}: permission denied",
            "mend its owner or mode, or set ANALYTICS_LOCAL_DIR to a folder of your own",
        ) from error
    except OSError as error:
        raise _explained(error, place) from error


def _explained(error: OSError, place: Layout) -> LocalStackError:
    thing = f"{error.filename or place.root}: {error.strerror or error}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalStackError(thing, "free some space, then repeat; nothing is lost")
    return LocalStackError(thing, "mend the folder, or set ANALYTICS_LOCAL_DIR to another one")


def _demand_space(place: Layout) -> None:
    free = shutil.disk_usage(place.root).free
    if free < LEAST_FREE:
        raise LocalStackError(
            f"only {free // 2**20} MB are free for {place.root}",
            "free some space, or set ANALYTICS_LOCAL_DIR to a folder elsewhere",
        )
