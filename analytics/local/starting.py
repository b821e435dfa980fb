"""Starting services: only what is missing or outdated, all at once, until each one serves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from analytics.local import (
    files,
    jars,
    java,
    launching,
    passwords,
    ports,
    processes,
    records,
    stopping,
    waiting,
)
from analytics.local.layout import Layout
from analytics.local.service import Report, Service, render
from analytics.local.services import ALL


def start(layout: Layout, chosen: Sequence[Service], *, report: Report, timeout: float) -> None:
    """Start what does not run as it should and wait until all chosen services serve."""
    _prepare(layout, chosen, report)
    _end_strays(layout, chosen, report)
    with ExitStack() as claims:
        taken = {each.name: _ports(layout, each, claims) for each in chosen}
        run = launching.Run(layout, taken, report)
        for service in chosen:
            if not _runs_as_planned(run, service):
                launching.begin(run, service)
        waiting.until_all_serve(run, chosen, timeout)


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
    unknown = [each for each in chosen if not processes.recorded(layout, each.name)]
    stopping.stop(layout, unknown, report=report)


def _ports(layout: Layout, service: Service, claims: ExitStack) -> tuple[int, ...]:
    """The ports that it has or had, or its folder's, or the next free ones."""
    if record := processes.recorded(layout, service.name):
        return record.ports
    had = records.remembered(layout, service.name)
    if len(had) != len(service.ports):
        return ports.claim(ports.of_folder(layout.root, service.ports), claims)
    stays = not service.moves and layout.data(service.name).exists()
    return (ports.claim_exactly if stays else ports.claim)(had, claims)


def _runs_as_planned(run: launching.Run, service: Service) -> bool:
    record = processes.recorded(run.layout, service.name)
    if record is None:
        return False
    if record.fingerprint == service.launch(run.layout, run.ports).fingerprint():
        return True
    run.report(service.name, "starts again, because its configuration changed")
    stopping.stop(run.layout, (service,), report=run.report)
    return False
