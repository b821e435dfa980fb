"""Passwords of the two database roles: made once, kept in files that only their owner reads."""

from __future__ import annotations

import secrets
from pathlib import Path

from analytics.local import files
from analytics.local.layout import Layout

NAMES = ("debezium_role_password", "clickhouse_role_password")


def make(layout: Layout) -> None:
    for name in NAMES:
        if not _file(layout, name).exists():
            files.write(_file(layout, name), secrets.token_urlsafe(24), mode=0o600)


def read(layout: Layout) -> dict[str, str]:
    """Setting -> password."""
    return {name: _file(layout, name).read_text() for name in NAMES}


def environment(layout: Layout, name: str) -> dict[str, str]:
    """The variable that hands one password to a service."""
    return {f"ANALYTICS_{name.upper()}": _file(layout, name).read_text()}


def _file(layout: Layout, name: str) -> Path:
    return layout.secrets / f"analytics_{name}"
