"""The sources of settings, and the folder of the local stack.

The first source that has a value wins: arguments, `ANALYTICS_...` variables, files in
`ANALYTICS_SECRETS_DIR` (named like the variable, in lower case), [settings] of alembic.ini, and,
when none of the four addresses is set and the local stack is up, the local stack.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from analytics.settings import lookup
from analytics.settings.ini import Ini
from analytics.settings.reading import project
from analytics.settings.value import ADDRESSES, NAMES, Settings, typed, variable

SECRETS = "secrets"
"""The key of the local stack's passwords in its file: variable -> password."""


def load(ini: Ini | None = None, **given: Any) -> Settings:
    """Settings from all sources, by default with the alembic.ini in or above the current folder.

    Raises as `project` does; SettingError names the variable that cannot be used.
    """
    ini = project() if ini is None else ini
    found = {name: value for name in NAMES if (value := lookup.variable(variable(name)))}
    own = {**ini.settings, **found}
    stack = {} if own.keys() & set(ADDRESSES) else _local_stack(ini)
    local = {name: value for name, value in stack.items() if name in NAMES}
    arguments = {name: value for name, value in given.items() if name not in ini.secrets}
    values = {name: typed(name, value) for name, value in (local | own | arguments).items()}
    return Settings(**values, ini=ini, secrets=_secrets(ini, given, stack.get(SECRETS, {})))


def _secrets(ini: Ini, given: dict[str, Any], local: dict[str, str]) -> dict[str, str]:
    """The project's own secrets, those that have a value."""
    found = {
        name: given.get(name) or origin.value() or local.get(origin.variable)
        for name, origin in ini.secrets.items()
    }
    return {name: value for name, value in found.items() if value}


def local_dir(ini: Ini) -> Path:
    """The folder of the local stack's data, logs and state (`ANALYTICS_LOCAL_DIR`)."""
    named = os.environ.get("ANALYTICS_LOCAL_DIR")
    return Path(named).expanduser().resolve() if named else ini.root / ".local"


def endpoints_file(ini: Ini) -> Path:
    """The file that the local stack writes when a service is up: settings with their values."""
    return local_dir(ini) / "endpoints.json"


def _local_stack(ini: Ini) -> dict[str, Any]:
    """The local stack's settings if it is up, with a line on stderr; nothing if it is not."""
    try:
        endpoints: dict[str, Any] = json.loads(endpoints_file(ini).read_text())
    except (OSError, ValueError):
        return {}
    if not any(_listens(endpoints.get(name, "")) for name in ADDRESSES):
        return {}
    _say_once("analytics: no address is set, so the local stack is used")
    return endpoints


@cache
def _say_once(line: str) -> None:
    print(line, file=sys.stderr)


def _listens(address: str) -> bool:
    parts = urlsplit(address if "://" in address else f"//{address}")
    if not parts.port:
        return False
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((parts.hostname or "127.0.0.1", parts.port)) == 0
