"""The stack as a whole, for the command line, the demo and tests: up, status, down, reset."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from analytics import settings
from analytics.local import endpoints, faults, health, locks, starting, stopping
from analytics.local.health import ServiceStatus
from analytics.local.layout import Layout
from analytics.local.service import Report, quiet
from analytics.local.services import select, with_needs
from analytics.settings import Ini

START_TIMEOUT = 120.0  # seconds until all services must serve


def layout(ini: Ini | None = None) -> Layout:
    """The stack's folder of a project, by default of the one in or above the current folder."""
    ini = settings.project() if ini is None else ini
    return Layout(settings.local_dir(ini), ini.variables)


def up(
    services: Iterable[str] | None = None,
    *,
    ini: Ini | None = None,
    report: Report = quiet,
    timeout: float = START_TIMEOUT,
) -> tuple[ServiceStatus, ...]:
    """Start what is missing of these services (none: all) and wait until they serve."""
    place, chosen = layout(ini), with_needs(select(services))
    with _alone(place, "up", report):
        faults.demand_space(place.root)
        try:
            starting.start(place, chosen, report=report, timeout=timeout)
        finally:
            endpoints.refresh(place)
    return tuple(health.status(place, service) for service in chosen)


def status(
    services: Iterable[str] | None = None, *, ini: Ini | None = None
) -> tuple[ServiceStatus, ...]:
    """How these services (none: all) are, each one asked."""
    place = layout(ini)
    with faults.explained(place.root):
        return tuple(health.status(place, service) for service in select(services))


def exports(*, ini: Ini | None = None) -> list[str]:
    """`export` lines for a shell with the addresses of what runs."""
    place = layout(ini)
    with faults.explained(place.root):
        return endpoints.exports(place)


def down(
    services: Iterable[str] | None = None, *, ini: Ini | None = None, report: Report = quiet
) -> None:
    """End these services (none: all); their data stays."""
    place = layout(ini)
    if place.root.exists():
        with _alone(place, "down", report):
            stopping.stop(place, select(services), report=report)


def reset(*, ini: Ini | None = None, report: Report = quiet) -> None:
    """End all services and throw their data away; logs and passwords stay."""
    place = layout(ini)
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


@contextmanager
def _alone(place: Layout, purpose: str, report: Report) -> Iterator[None]:
    """The folder is there and ours alone."""
    with faults.explained(place.root):
        place.make()
        with locks.hold(place.lock, purpose, report):
            yield
