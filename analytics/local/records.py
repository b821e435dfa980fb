"""The stack's record of a process: enough to know it again, however often pids come round."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from analytics.local import files
from analytics.local.layout import Layout


@dataclass(frozen=True)
class Record:
    """A process that the stack started: `created` tells it from a later one with its pid."""

    pid: int
    created: float
    ports: tuple[int, ...]
    fingerprint: str
    log_start: int  # bytes that its log held before


def write(layout: Layout, service: str, record: Record) -> None:
    files.write(layout.record(service), json.dumps(asdict(record)))
    remember(layout, service, record.ports)


def read(layout: Layout, service: str) -> Record | None:
    """The record, or nothing when there is none or it is of another version of this file."""
    stored = files.read_json(layout.record(service))
    try:
        return Record(**{**stored, "ports": tuple(stored["ports"])})
    except (KeyError, TypeError):
        return None


def remove(layout: Layout, service: str) -> None:
    layout.record(service).unlink(missing_ok=True)


def remember(layout: Layout, service: str, ports: tuple[int, ...]) -> None:
    """Keep the ports beyond the process, so that addresses stay the same."""
    files.write(layout.ports, json.dumps(files.read_json(layout.ports) | {service: ports}))


def remembered(layout: Layout, service: str) -> tuple[int, ...]:
    return tuple(files.read_json(layout.ports).get(service, ()))
