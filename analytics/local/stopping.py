"""Stopping services: asked first, killed after a while, and nothing of them left."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.local import endpoints, processes, records
from analytics.local.layout import Layout
from analytics.local.processes import Process
from analytics.local.service import Report, Service
from analytics.local.services import STOPPING

TIMEOUT = 15.0  # seconds that a service gets to end by itself


def stop(layout: Layout, chosen: Iterable[Service], *, report: Report) -> None:
    """End the processes of these services, clients before servers."""
    chosen = tuple(chosen)
    for wave in STOPPING:
        _stop_together(layout, [each for each in chosen if each.name in wave], report)
    endpoints.refresh(layout)


def find(layout: Layout, service: Service) -> Process | None:
    """The service's process, with or without a record of it."""
    record = records.read(layout, service.name)
    return processes.known(record) or processes.stray(layout, service)


def _stop_together(layout: Layout, chosen: Iterable[Service], report: Report) -> None:
    found = [(service, find(layout, service)) for service in chosen]
    running = [(service, process) for service, process in found if process]
    for service, process in running:
        report(service.name, f"stops (process {process.pid})")
    asked = [(process, service.stop_signal) for service, process in running]
    killed = processes.end(asked, timeout=TIMEOUT)
    for service, process in running:
        (service.tidy if process in killed else service.stopped)(layout)
    for service, _ in found:
        records.remove(layout, service.name)
