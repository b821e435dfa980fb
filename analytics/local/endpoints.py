"""Addresses and passwords of the services that run, as other commands read them."""

from __future__ import annotations

import json
import shlex
from typing import Any

from analytics.local import files, passwords, processes
from analytics.local.layout import Layout
from analytics.local.services import ALL
from analytics.settings.sources import SECRETS


def refresh(layout: Layout) -> None:
    """Write the addresses of what runs for `analytics.settings`; nothing runs: no file."""
    if not read(layout):
        layout.endpoints.unlink(missing_ok=True)
        return
    files.write(layout.endpoints, json.dumps(settings(layout), indent=2), mode=0o600)


def settings(layout: Layout) -> dict[str, Any]:
    """Setting -> value: the addresses of what runs; and the passwords by their variables."""
    return {**read(layout), SECRETS: passwords.read(layout)}


def read(layout: Layout) -> dict[str, str]:
    """Setting -> address, of the services that run."""
    addresses: dict[str, str] = {}
    for service in ALL:
        if record := processes.recorded(layout, service.name):
            addresses |= service.endpoint({service.name: record.ports})
    return addresses


def exports(layout: Layout) -> list[str]:
    """Lines for a shell; the passwords stay in their files, whose folder is named."""
    values = read(layout)
    if values:
        values["secrets_dir"] = str(layout.secrets)
    return [f"export ANALYTICS_{name.upper()}={shlex.quote(v)}" for name, v in values.items()]
