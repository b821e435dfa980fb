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
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

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


class Settings(BaseSettings):
    """Addresses, credentials and names; secrets stay in SecretStr until they are sent."""

    model_config = SettingsConfigDict(
        env_prefix="ANALYTICS_",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    postgres_url: SecretStr | None = None
    clickhouse_url: SecretStr | None = None
    connect_url: str | None = None
    kafka_bootstrap_servers: str | None = None

    postgres_internal_address: str | None = None  # host:port as Connect and ClickHouse see it
    kafka_internal_bootstrap_servers: str | None = None  # as ClickHouse sees the broker

    debezium_role_password: SecretStr | None = None
    clickhouse_role_password: SecretStr | None = None

    namespace: str | None = None  # default: the name of the PostgreSQL database
    connector_timeout: float = 60.0  # seconds a connector may take until it runs
    ddl_lock_timeout: float = 5.0  # seconds that DDL in PostgreSQL may wait for a table
    ddl_tries: int = 10  # how often it asks for the table, with growing pauses
    lock_timeout: float = 600.0  # seconds to wait for somebody else's upgrade or downgrade
    guarded: bool = True  # lock and journal; off for databases that nobody else knows of

    def need(self, name: str) -> str:
        """The value of a setting that the caller cannot do without; SettingError if unset."""
        if name not in Settings.model_fields:
            raise SettingError(f"there is no setting ANALYTICS_{name.upper()}", "mend the name")
        value = getattr(self, name)
        if value is None:
            raise SettingError(
                f"ANALYTICS_{name.upper()} is not set",
                "export it, put it into a file of ANALYTICS_SECRETS_DIR, "
                "or start the local stack with `analytics local up` and set no address",
            )
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

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


def load(**given: Any) -> Settings:
    """Settings from all sources; SettingError names the variable that cannot be used."""
    secrets_dir = os.environ.get("ANALYTICS_SECRETS_DIR")
    if secrets_dir and not Path(secrets_dir).is_dir():
        raise SettingError(f"ANALYTICS_SECRETS_DIR={secrets_dir} is not a folder", "mend the path")
    try:
        own = Settings(_secrets_dir=secrets_dir)
        any_address = any(getattr(own, name) is not None for name in ADDRESSES)
        stack = {} if any_address else _local_stack()
        defaults = {n: value for n, value in stack.items() if getattr(own, n, None) is None}
        return Settings(_secrets_dir=secrets_dir, **(defaults | given))
    except ValidationError as error:
        first = error.errors()[0]
        name = f"ANALYTICS_{'_'.join(map(str, first['loc'])).upper()}"
        raise SettingError(name, first["msg"]) from None


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
