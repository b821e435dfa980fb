"""Beginning one service: its folder, its configuration, its process, its record."""

from __future__ import annotations

from dataclasses import dataclass, field

from analytics.local import files, logs, processes, records
from analytics.local.layout import Layout
from analytics.local.records import Record
from analytics.local.service import Ports, Report, Service


@dataclass(frozen=True)
class Run:
    """One call of `start`: where, on which ports, who is told, and what it has begun."""

    layout: Layout
    ports: Ports
    report: Report
    begun: set[str] = field(default_factory=set)


def begin(run: Run, service: Service) -> None:
    """Start the process and record it at once: the next command must find it."""
    run.report(service.name, "starts")
    run.begun.add(service.name)
    service.tidy(run.layout)
    service.initialise(run.layout, run.ports)
    launch = service.launch(run.layout, run.ports)
    files.write(launch.config, launch.text)
    log = run.layout.log(service.name)
    logs.rotate(log)
    size = logs.size(log)
    process = processes.spawn(launch, run.layout, log)
    record = Record(
        pid=process.pid,
        created=process.create_time(),
        ports=run.ports[service.name],
        fingerprint=launch.fingerprint(),
        log_start=size,
    )
    records.write(run.layout, service.name, record)
