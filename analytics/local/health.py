"""The state of a service: its answer when asked, and what its process takes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from analytics.local import processes, stopping
from analytics.local.layout import Layout
from analytics.local.processes import Process
from analytics.local.service import Ports, Service


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


def status(layout: Layout, service: Service) -> ServiceStatus:
    """Ask the service and its process."""
    record, process = processes.recorded(layout, service.name), stopping.find(layout, service)
    ports = record.ports if record else ()
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
        log=str(layout.log(service.name)),
    )


def _state(service: Service, process: Process | None, ports: tuple[int, ...]) -> str:
    if process is None:
        return "down"
    if not ports:
        return "has no record: `analytics local up` starts it again"
    return problem(service, {service.name: ports}) or "healthy"


def problem(service: Service, ports: Ports) -> str:
    """Why it does not serve; nothing if it does."""
    try:
        service.check(ports)
    except OSError as error:
        return words(error)
    return ""


def words(error: OSError) -> str:
    """The message of the system or the service."""
    return error.strerror or str(error)
