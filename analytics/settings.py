"""Where configuration comes from: the only place that reads the environment.

Sources, the first that has a value wins: arguments, `ANALYTICS_...` variables, files in
`ANALYTICS_SECRETS_DIR` (named like the variable, in lower case), and, when none of the four
addresses is set and the local stack is up, the local stack.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from analytics.errors import SettingError

ADDRESSES = ("postgres_url", "clickhouse_url", "connect_url", "kafka_bootstrap_servers")
POSTGRES_DRIVER = "postgresql+psycopg"
CLICKHOUSE_DRIVER = "clickhouse+http"


def project_root() -> Path:
    """The nearest folder upwards that holds an alembic.ini, else the current folder."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / "alembic.ini").is_file()), here)


def local_dir() -> Path:
    """Where the local stack keeps data, logs and state (`ANALYTICS_LOCAL_DIR`)."""
    named = os.environ.get("ANALYTICS_LOCAL_DIR")
    return Path(named).expanduser().resolve() if named else project_root() / ".local"


@dataclass(frozen=True)
class Settings:
    """Addresses, credentials and names; no representation shows what may hold a secret."""

    postgres_url: str | None = field(default=None, repr=False)
    clickhouse_url: str | None = field(default=None, repr=False)
    connect_url: str | None = None
    kafka_bootstrap_servers: str | None = None

    postgres_internal_address: str | None = None  # host:port as Connect and ClickHouse see it
    kafka_internal_bootstrap_servers: str | None = None  # as ClickHouse sees the broker

    debezium_role_password: str | None = field(default=None, repr=False)
    clickhouse_role_password: str | None = field(default=None, repr=False)

    namespace: str | None = None  # default: the name of the PostgreSQL database
    connector_timeout: float = 60.0  # seconds a connector may take until it runs
    answer_timeout: float = 300.0  # seconds to wait for ClickHouse, before it is asked
    ddl_lock_timeout: float = 5.0  # seconds that DDL in PostgreSQL may wait for a table
    ddl_tries: int = 10  # how often it asks for the table, with growing pauses
    lock_timeout: float = 600.0  # seconds to wait for somebody else's upgrade or downgrade
    barrier_timeout: float = 30.0  # seconds that ingest may take to come to rest
    rebuild_chunk: int = 64 << 20  # bytes of a source that are computed at a time
    rebuild_threads: int = 0  # of a statement that computes history; 0: as the server likes
    rebuild_memory: int = 4 << 30  # bytes for such a statement; 0: as the server likes
    rebuild_priority: int = 0  # of such a statement: higher waits for lower; 0: none
    rebuild_parts: int = 300  # unmerged parts in a partition at which it waits; 0: never
    rebuild_lag: int = 0  # messages that ingest may be behind before it waits; 0: any number
    rebuild_verify: int = 100  # percent of the keys that are verified; 0: none
    guarded: bool = True  # lock and journal; off for databases that nobody else knows of

    def need(self, name: str) -> str:
        """The value of a setting that the caller cannot do without; SettingError if unset."""
        if name not in NAMES:
            raise SettingError(f"there is no setting ANALYTICS_{name.upper()}", "mend the name")
        value = getattr(self, name)
        if value is None:
            raise SettingError(
                f"ANALYTICS_{name.upper()} is not set",
                "export it, put it into a file of ANALYTICS_SECRETS_DIR, "
                "or start the local stack with `analytics local up` and set no address",
            )
        return str(value)

    @cached_property
    def postgres_sqlalchemy_url(self) -> str:
        """`postgres_url` for SQLAlchemy with psycopg 3, whatever scheme it was given in."""
        scheme, rest = _split_scheme(self.need("postgres_url"), "ANALYTICS_POSTGRES_URL")
        if scheme not in ("postgres", "postgresql", POSTGRES_DRIVER):
            raise SettingError(
                f"ANALYTICS_POSTGRES_URL starts with {scheme}://",
                "write postgresql://user:password@host:port/database",
            )
        return f"{POSTGRES_DRIVER}://{rest}"

    @cached_property
    def clickhouse_sqlalchemy_url(self) -> str:
        """`clickhouse_url` for SQLAlchemy over HTTP, whatever scheme it was given in."""
        scheme, rest = _split_scheme(self.need("clickhouse_url"), "ANALYTICS_CLICKHOUSE_URL")
        if scheme not in ("http", "https", "clickhouse", CLICKHOUSE_DRIVER):
            raise SettingError(
                f"ANALYTICS_CLICKHOUSE_URL starts with {scheme}://",
                "write clickhouse+http://user:password@host:port/database",
            )
        secure = ("&" if "?" in rest else "?") + "protocol=https" if scheme == "https" else ""
        return f"{CLICKHOUSE_DRIVER}://{rest}{secure}"


NAMES = tuple(each.name for each in fields(Settings))
SWITCH = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}
READERS: dict[type, tuple[Callable[[str], Any], str]] = {
    float: (float, "seconds, such as 60"),
    int: (int, "a whole number"),
    bool: (lambda text: SWITCH[text.lower()], "true or false"),
}


def load(**given: Any) -> Settings:
    """Settings from all sources; SettingError names the variable that cannot be used."""
    own = {name: value for name in NAMES if (value := _variable(name) or _secret_file(name))}
    stack = {} if own.keys() & set(ADDRESSES) else _local_stack()
    local = {name: value for name, value in stack.items() if name in NAMES}
    values = local | own | given
    return Settings(**{name: _typed(name, value) for name, value in values.items()})


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"ANALYTICS_{name.upper()}"


def _variable(name: str) -> str | None:
    return os.environ.get(variable(name))


def _secret_file(name: str) -> str | None:
    """What a file in `ANALYTICS_SECRETS_DIR` says of a setting."""
    folder = os.environ.get("ANALYTICS_SECRETS_DIR")
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SettingError(f"ANALYTICS_SECRETS_DIR={folder} is not a folder", "mend the path")
    try:
        return (Path(folder) / variable(name).lower()).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise SettingError(variable(name), f"its file cannot be read ({error})") from None


def _typed(name: str, value: Any) -> Any:
    """A text as the kind of value that the setting has."""
    kind = type(getattr(Settings, name, None))
    if kind not in READERS or not isinstance(value, str):
        return value
    read, wanted = READERS[kind]
    try:
        return read(value)
    except (KeyError, ValueError):
        raise SettingError(f"{variable(name)} is {value}", f"write {wanted}") from None


def endpoints_file() -> Path:
    """What the local stack writes when a service is up: setting names with their values."""
    return local_dir() / "endpoints.json"


def _local_stack() -> dict[str, str]:
    """The local stack's settings if it is up, said on stderr; nothing if it is not."""
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


def _split_scheme(url: str, name: str) -> tuple[str, str]:
    scheme, found, rest = url.partition("://")
    if not found:
        raise SettingError(f"{name} is not a URL", "write scheme://user:password@host:port/name")
    try:
        urlsplit(url).port  # noqa: B018  (reading it is the check)
    except ValueError as error:
        raise SettingError(name, f"{error}") from None
    return scheme, rest


def database_of(url: str) -> str:
    """The database that a URL names, unquoted."""
    return unquote(urlsplit(url).path.lstrip("/"))
