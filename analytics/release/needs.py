"""The needs of a plan: secrets, addresses, servers that answer, and privileges in both stores."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from analytics.errors import Refused
from analytics.kafka import workers
from analytics.placeholders import placeholders
from analytics.release.plan import Plan
from analytics.settings import Settings
from analytics.settings.value import variable
from analytics.stores import STORES, connections

ADDRESSES = ("connect_url", "kafka_bootstrap_servers")
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
        value = getattr(settings, name, None)
        if value is None:
            yield f"{variable(name)} is not set, and {needed_by} needs it"
        elif name in ADDRESSES and not any(map(_answers, _servers(name, str(value)))):
            yield f"nobody answers at {variable(name)}, and {needed_by} needs it"

    yield from _denied(plan, settings)


def _denied(plan: Plan, settings: Settings) -> Iterator[str]:
    """The privileges that the user of a store has not, each with the statement that gives it."""
    first: dict[str, dict[str, str]] = defaultdict(dict)
    for revision in plan.revisions:
        for name in (name for step in revision.steps for name in step.privileges):
            first[revision.history].setdefault(name, revision.name)
    for history, needed in first.items():
        store = STORES[history]
        translated = connections.translated(store, settings, placeholders(settings))
        with translated, store.opened(settings) as driver:
            denied = store.lacks(driver, tuple(needed))
        for name, gives in denied.items():
            yield f"{needed[name]} needs {name}, given by `{gives}`"


def _servers(name: str, address: str) -> Iterator[tuple[str, int]]:
    """Host and port of each server of an address; SettingError for one that cannot be used."""
    if name == "connect_url":
        yield from (each.host for each in workers.parse(address, None, None))
        return
    for each in address.split(","):
        parts = urlsplit(f"//{each}")
        if parts.hostname:
            yield parts.hostname, parts.port or 9092


def _answers(server: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(server, timeout=PATIENCE):
            return True
    except OSError:
        return False
