"""The settings as a value, and how a text becomes one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from analytics.errors import SettingError
from analytics.settings import lookup
from analytics.settings.ini import Ini

ADDRESSES = ("postgres_url", "clickhouse_url", "connect_url", "kafka_bootstrap_servers")
POSTGRES_DRIVER = "postgresql+psycopg"
CLICKHOUSE_DRIVER = "clickhouse+http"


@dataclass(frozen=True)
class Settings:
    """Addresses, credentials, names and limits; `repr` shows none that may hold a secret."""

    postgres_url: str | None = field(default=None, repr=False)
    clickhouse_url: str | None = field(default=None, repr=False)
    connect_url: str | None = field(default=None, repr=False)  # of several workers, with commas
    kafka_bootstrap_servers: str | None = field(default=None, repr=False)

    connect_username: str | None = None
    connect_password: str | None = field(default=None, repr=False)
    connect_ca_file: str | None = None  # PEM; default: the authorities that requests trusts

    kafka_security_protocol: str | None = None  # default: PLAINTEXT
    kafka_sasl_mechanism: str | None = None  # default: SCRAM-SHA-512
    kafka_username: str | None = None
    kafka_password: str | None = field(default=None, repr=False)
    kafka_ca_file: str | None = None  # PEM; default: the authorities of this machine

    postgres_internal_address: str | None = None  # host:port as Connect and ClickHouse see it
    kafka_internal_bootstrap_servers: str | None = None  # as ClickHouse sees the broker

    namespace: str | None = None  # default: the name of the PostgreSQL database
    connector_timeout: float = 60.0  # seconds a connector may take until it runs
    answer_timeout: float = 300.0  # seconds to wait for an answer of ClickHouse
    ddl_lock_timeout: float = 5.0  # seconds that DDL in PostgreSQL may wait for a table
    ddl_tries: int = 10  # attempts to lock the table, with growing pauses
    lock_timeout: float = 600.0  # seconds to wait for another process that holds the lock
    lease_timeout: int = 15  # seconds of silence after which ClickHouse lets a lock go
    barrier_timeout: float = 30.0  # seconds that ingest may take to come to rest
    rebuild_chunk: int = 64 << 20  # bytes of a source that are computed at a time
    rebuild_threads: int = 0  # of a statement that computes history; 0: as the server likes
    rebuild_memory: int = 4 << 30  # bytes for such a statement; 0: as the server likes
    rebuild_priority: int = 0  # of such a statement: higher waits for lower; 0: none
    rebuild_parts: int = 300  # unmerged parts in a partition at which it waits; 0: never
    rebuild_lag: int = 0  # messages that ingest may be behind before it waits; 0: any number
    rebuild_verify: int = 100  # percent of the keys that are verified; 0: none
    allow_data_loss: str | None = None  # tables and revisions (clickhouse@0017), a comma between
    guarded: bool = True  # lock and journal; off for databases of this process alone

    ini: Ini = field(default_factory=Ini, repr=False)  # the names of the project's own
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # of it that have a value

    def need(self, name: str) -> str:
        """The value of a setting or a secret that the caller needs; SettingError without one."""
        if name in self.ini.secrets:
            if name not in self.secrets:
                raise self.ini.missing(name)
            return self.secrets[name]
        if name not in NAMES:
            raise SettingError(f"there is no setting {variable(name)}", "correct the name")
        value = getattr(self, name)
        if value is None:
            raise SettingError(f"{variable(name)} is not set", lookup.REMEDY)
        return str(value)

    @cached_property
    def allowed_losses(self) -> frozenset[str]:
        """The tables and revisions whose data may be lost."""
        names = (name.strip() for name in (self.allow_data_loss or "").split(","))
        return frozenset(filter(None, names))

    @cached_property
    def postgres_sqlalchemy_url(self) -> str:
        """`postgres_url` for SQLAlchemy and psycopg 3; SettingError if its scheme is another."""
        scheme, rest = _split_scheme(self.need("postgres_url"), "ANALYTICS_POSTGRES_URL")
        if scheme not in ("postgres", "postgresql", POSTGRES_DRIVER):
            raise SettingError(
                f"ANALYTICS_POSTGRES_URL starts with {scheme}://",
                "write postgresql://user:password@host:port/database",
            )
        return f"{POSTGRES_DRIVER}://{rest}"

    @cached_property
    def clickhouse_sqlalchemy_url(self) -> str:
        """`clickhouse_url` for SQLAlchemy over HTTP; SettingError if its scheme is another."""
        scheme, rest = _split_scheme(self.need("clickhouse_url"), "ANALYTICS_CLICKHOUSE_URL")
        if scheme not in ("http", "https", "clickhouse", CLICKHOUSE_DRIVER):
            raise SettingError(
                f"ANALYTICS_CLICKHOUSE_URL starts with {scheme}://",
                "write clickhouse+http://user:password@host:port/database",
            )
        secure = ("&" if "?" in rest else "?") + "protocol=https" if scheme == "https" else ""
        return f"{CLICKHOUSE_DRIVER}://{rest}{secure}"


NAMES = tuple(each.name for each in fields(Settings) if each.name not in ("ini", "secrets"))
SECRET_SETTINGS = ("kafka_password", "connect_password")
SWITCH = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}
READERS: dict[type, tuple[Callable[[str], Any], str]] = {
    float: (float, "seconds, such as 60"),
    int: (int, "a whole number"),
    bool: (lambda text: SWITCH[text.lower()], "true or false"),
}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"ANALYTICS_{name.upper()}"


def typed(name: str, value: Any, *, shown: str = "") -> Any:
    """A text as a value of the setting's type; SettingError if it is none, under the name shown."""
    kind = type(getattr(Settings, name, None))
    if kind not in READERS or not isinstance(value, str):
        return value
    read, wanted = READERS[kind]
    try:
        return read(value)
    except (KeyError, ValueError):
        raise SettingError(f"{shown or variable(name)} is {value}", f"write {wanted}") from None


def _split_scheme(url: str, name: str) -> tuple[str, str]:
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise SettingError(f"{name} is not a URL", "write scheme://user:password@host:port/name")
    try:
        urlsplit(url).port  # noqa: B018  (reading it is the check)
    except ValueError:  # its text may hold a part of the password
        raise SettingError(
            f"the port in {name} is not a number up to 65535",
            "correct it, and write special characters of user and password as %XX",
        ) from None
    return scheme, rest


def database_of(url: str) -> str:
    """The database that a URL names, unquoted."""
    return unquote(urlsplit(url).path.lstrip("/"))
