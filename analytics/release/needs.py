"""The needs of a plan: secrets, addresses, servers that answer, and privileges in both stores."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from analytics.errors import AnalyticsError, Refused, SettingError
from analytics.kafka import connect as worker
from analytics.kafka import login
from analytics.release.plan import Plan
from analytics.settings import Settings, brokers
from analytics.settings.value import variable
from analytics.stores import STORES, connections

PATIENCE = 3.0  # seconds until a server must have taken a connection


def check(plan: Plan, settings: Settings) -> None:
    """Refused if a step would stop the release half-way for want of something."""
    lines = list(missing(plan, settings))
    if lines:
        raise Refused(
            f"steps of this release cannot run: {'; '.join(lines)}",
            "set, start or give what is named, and run the same command again (nothing was sent)",
        )


def missing(plan: Plan, settings: Settings) -> Iterator[str]:
    """What is not there, each with the first revision that needs it."""
    first: dict[str, str] = {}
    for revision in plan.revisions:
        for name in (name for step in revision.steps for name in step.needs):
            first.setdefault(name, revision.name)
    for name, needed_by in first.items():
        if fault := _fault(name, settings):
            yield f"{fault}, and {needed_by} needs it"
    yield from _denied(plan, settings)


def _denied(plan: Plan, settings: Settings) -> Iterator[str]:
    """The privileges that the user of a store has not, each with the statement that gives it."""
    first: dict[str, dict[str, str]] = defaultdict(dict)
    for revision in plan.revisions:
        for name in (name for step in revision.steps for name in step.privileges):
            first[revision.history].setdefault(name, revision.name)
    for history, needed in first.items():
        store = STORES[history]
        translated = connections.translated(store, settings)
        with translated, store.opened(settings) as driver:
            denied = store.lacks(driver, tuple(needed))
        for name, gives in denied.items():
            yield f"{needed[name]} needs {name}, given by `{gives}`"


def _fault(name: str, settings: Settings) -> str:
    """What is wrong with a setting; empty if nothing is."""
    try:
        settings.need(name)
    except SettingError as error:
        return error.thing
    try:
        if name in SERVERS and not any(map(_answers, SERVERS[name](settings))):
            return f"nobody answers at {variable(name)}"
        if name == "kafka_bootstrap_servers":
            login.check(brokers.of(settings))
    except AnalyticsError as error:
        return f"{error.thing} ({error.remedy})"
    return ""


SERVERS: dict[str, Callable[[Settings], Iterable[tuple[str, int]]]] = {
    "connect_url": lambda settings: (each.host for each in worker.of(settings).workers),
    "kafka_bootstrap_servers": lambda settings: brokers.of(settings).addresses,
}
"""Host and port of each server of an address; SettingError for one that cannot be used."""


def _answers(server: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(server, timeout=PATIENCE):
            return True
    except OSError:
        return False
