"""The sources of settings, and the folders that they are in.

The first source that has a value wins: arguments, `ANALYTICS_...` variables, files in
`ANALYTICS_SECRETS_DIR` (named like the variable, in lower case), and, when none of the four
addresses is set and the local stack is up, the local stack.
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

from analytics.errors import SettingError
from analytics.settings.value import ADDRESSES, NAMES, Settings, typed, variable


def load(**given: Any) -> Settings:
    """Settings from all sources; SettingError names the variable that cannot be used."""
    own = {name: value for name in NAMES if (value := _variable(name) or _secret_file(name))}
    stack = {} if own.keys() & set(ADDRESSES) else _local_stack()
    local = {name: value for name, value in stack.items() if name in NAMES}
    values = local | own | given
    return Settings(**{name: typed(name, value) for name, value in values.items()})


def project_root() -> Path:
    """The nearest folder upwards that holds an alembic.ini, else the current folder."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / "alembic.ini").is_file()), here)


def local_dir() -> Path:
    """The folder of the local stack's data, logs and state (`ANALYTICS_LOCAL_DIR`)."""
    named = os.environ.get("ANALYTICS_LOCAL_DIR")
    return Path(named).expanduser().resolve() if named else project_root() / ".local"


def endpoints_file() -> Path:
    """The file that the local stack writes when a service is up: settings with their values."""
    return local_dir() / "endpoints.json"


def _variable(name: str) -> str | None:
    return os.environ.get(variable(name))


def _secret_file(name: str) -> str | None:
    """The text of a setting's file in `ANALYTICS_SECRETS_DIR`; None if it has none."""
    folder = os.environ.get("ANALYTICS_SECRETS_DIR")
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SettingError(f"ANALYTICS_SECRETS_DIR={folder} is not a folder", "correct the path")
    try:
        return (Path(folder) / variable(name).lower()).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise SettingError(
            f"the file of {variable(name)} cannot be read ({error})",
            f"make it a text file that this user may read, or remove it from {folder}",
        ) from None


def _local_stack() -> dict[str, str]:
    """The local stack's settings if it is up, with a line on stderr; nothing if it is not."""
    try:
        endpoints: dict[str, str] = json.loads(endpoints_file().read_text())
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
