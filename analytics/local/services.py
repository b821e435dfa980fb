"""The four services of the stack, in the order in which they may depend on each other."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.local import clickhouse, connect, kafka, postgres
from analytics.local.errors import LocalStackError
from analytics.local.service import Service

ALL = (postgres.SERVICE, kafka.SERVICE, connect.SERVICE, clickhouse.SERVICE)
NAMES = tuple(service.name for service in ALL)

STOPPING = (("clickhouse", "connect"), ("kafka", "postgres"))
"""Waves: clients of the broker and of PostgreSQL end before these do."""


def select(names: Iterable[str] | None) -> tuple[Service, ...]:
    """Services by name, all for none; LocalStackError for a name that is none."""
    asked = tuple(names or NAMES)
    for name in asked:
        if name not in NAMES:
            raise LocalStackError(f"{name} is no service", f"choose from {', '.join(NAMES)}")
    return tuple(service for service in ALL if service.name in asked)


def with_needs(chosen: Iterable[Service]) -> tuple[Service, ...]:
    """The chosen services and those that they cannot do without."""
    names = {name for service in chosen for name in (service.name, *service.needs)}
    return tuple(service for service in ALL if service.name in names)
