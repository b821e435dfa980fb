"""Starting services: only what is missing or outdated, all at once, until each one serves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from analytics.errors import LocalStackError
from analytics.local import (
    files,
    health,
    jars,
    java,
    logs,
    passwords,
    ports,
    processes,
    records,
    stopping,
)
from analytics.local.layout import Layout
from analytics.local.records import Record
from analytics.local.service import Ports, Report, Service, render
from analytics.local.services import ALL

PAUSE = 0.05  # seconds between two looks at services that start


@dataclass(frozen=True)
class Run:
    """One call of `start`: where, on which ports, whom to tell, and what it has begun."""

    layout: Layout
    ports: Ports
    report: Report
    begun: set[str] = field(default_factory=set)


def start(layout: Layout, chosen: Sequence[Service], *, report: Report, timeout: float) -> None:
    """Start what does not run as it should and wait until all chosen services serve."""
    _prepare(layout, chosen, report)
    _end_strays(layout, chosen, report)
    with ExitStack() as claims:
        taken = {each.name: _ports(layout, each, claims) for each in chosen}
        run = Run(layout, taken, report)
        for service in chosen:
            if not _runs_as_planned(run, service):
                _begin(run, service)
        _wait(run, chosen, timeout)


def _prepare(layout: Layout, chosen: Sequence[Service], report: Report) -> None:
    """What services share: passwords, jars, the loggers' configuration."""
    passwords.make(layout)
    if any(service.uses_jars for service in chosen):
        java.find()
        if jars.install(layout, report):
            stopping.stop(layout, [each for each in ALL if each.uses_jars], report=report)
            jars.prune(layout)
        files.write(layout.config("log4j2.properties"), render("log4j2.properties"))


def _end_strays(layout: Layout, chosen: Sequence[Service], report: Report) -> None:
    """End what runs in this folder without a record: nobody knows how it was started."""
    unknown = [each for each in chosen if not _recorded(layout, each)]
    stopping.stop(layout, unknown, report=report)


def _recorded(layout: Layout, service: Service) -> Record | None:
    """The record of a service whose process runs."""
    record = records.read(layout, service.name)
    return record if processes.known(record) else None


def _ports(layout: Layout, service: Service, claims: ExitStack) -> tuple[int, ...]:
    """The ports that it has, or had if they are free, or the next free ones."""
    if record := _recorded(layout, service):
        return record.ports
    wanted = records.remembered(layout, service.name)
    return ports.claim(wanted if len(wanted) == len(service.ports) else service.ports, claims)


def _runs_as_planned(run: Run, service: Service) -> bool:
    record = _recorded(run.layout, service)
    if record is None:
        return False
    if record.fingerprint == service.launch(run.layout, run.ports).fingerprint():
        return True
    run.report(service.name, "starts anew, because its configuration changed")
    stopping.stop(run.layout, (service,), report=run.report)
    return False


def _begin(run: Run, service: Service) -> None:
    """Start the process and write it down at once: whoever comes next must find it."""
    run.report(service.name, "starts")
    run.begun.add(service.name)
    service.tidy(run.layout)
    service.initialise(run.layout, run.ports)
    launch = service.launch(run.layout, run.ports)
    files.write(launch.config, launch.text)
    log = run.layout.log(service.name)
    logs.rotate(log)
    said = logs.size(log)
    process = processes.spawn(launch, run.layout, log)
    record = Record(
        pid=process.pid,
        created=process.create_time(),
        ports=run.ports[service.name],
        fingerprint=launch.fingerprint(),
        log_start=said,
    )
    records.write(run.layout, service.name, record)


def _wait(run: Run, chosen: Sequence[Service], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    waiting = list(chosen)
    while waiting := [each for each in waiting if not _serves(run, each, waiting)]:
        if time.monotonic() > deadline:
            raise _late(run, waiting[0], timeout)
        time.sleep(PAUSE)


def _serves(run: Run, service: Service, waiting: Sequence[Service]) -> bool:
    if any(each.name in service.needs for each in waiting):
        return False  # what it says without its server is worth nothing
    if _recorded(run.layout, service) is None:
        _revive(run, service)
        return False
    if _lack(run, service):
        return False
    run.report(service.name, f"serves on port {run.ports[service.name][0]}")
    return True


def _lack(run: Run, service: Service) -> str:
    """What keeps it from serving, its database included; nothing if nothing does."""
    try:
        service.check(run.ports)
        service.complete(run.layout, run.ports)
    except OSError as error:
        return health.words(error)
    return ""


def _revive(run: Run, service: Service) -> None:
    """Begin again what died meanwhile, and what died at its start if that may help."""
    if service.name not in run.begun:
        _begin(run, service)
    elif service.mend(run.layout):
        run.report(service.name, "died at its start: once more without its class archive")
        _begin(run, service)
    else:
        raise _dead(run, service)


def _dead(run: Run, service: Service) -> LocalStackError:
    """Show its last words; no record of it stays."""
    record, log = records.read(run.layout, service.name), run.layout.log(service.name)
    records.remove(run.layout, service.name)
    for line in logs.last_words(log, record.log_start if record else 0):
        run.report(service.name, f"| {line}")
    return LocalStackError(f"{service.name} died at its start", f"read {log}")


def _late(run: Run, service: Service, timeout: float) -> LocalStackError:
    reason = _lack(run, service) or "just became ready"
    return LocalStackError(
        f"{service.name} does not serve after {timeout:.0f} s ({reason})",
        f"read {run.layout.log(service.name)}, then `analytics local down {service.name}` and "
        "`up` again, with --timeout for a slow machine",
    )
