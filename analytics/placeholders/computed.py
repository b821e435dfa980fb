"""The placeholders that follow from the settings: names of the databases, and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from analytics.errors import SettingError
from analytics.settings import Settings, brokers, database_of, variable

KAFKA_PASSWORD = "kafka_password"


def computed(settings: Settings) -> dict[str, Callable[[], str]]:
    """Each under its name; `settings.ini.COMPUTED` has the names."""
    return {
        "namespace": lambda: _identifier(settings.namespace or _namespace(settings)),
        "clickhouse_database": lambda: _identifier(_database(settings, "clickhouse_url")),
        "kafka_brokers": lambda: (
            brokers.of(settings, servers=settings.kafka_internal_bootstrap_servers).servers
        ),
        "kafka_security_protocol": lambda: brokers.access(settings).protocol,
        "kafka_sasl_mechanism": lambda: brokers.access(settings).mechanism,
        "kafka_username": lambda: brokers.access(settings).username,
        KAFKA_PASSWORD: lambda: brokers.access(settings).password,
        "postgres_host": lambda: _postgres_address(settings)[0],
        "postgres_port": lambda: _postgres_address(settings)[1],
        "postgres_database": lambda: _database(settings, "postgres_url"),
    }


def _namespace(settings: Settings) -> str:
    """The database's name: PostgreSQL's, or without PostgreSQL that of ClickHouse."""
    is_alone = settings.clickhouse_url is not None and settings.postgres_url is None
    return _database(settings, "clickhouse_url" if is_alone else "postgres_url")


def _database(settings: Settings, name: str) -> str:
    if database := database_of(settings.need(name)):
        return database
    raise SettingError(
        f"{variable(name)} names no database",
        "write it at the end: scheme://user:password@host:port/database",
    )


def _identifier(name: str) -> str:
    """A name that slots, roles and topics accept: lower case, digits, underscores."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _postgres_address(settings: Settings) -> tuple[str, str]:
    if settings.postgres_internal_address:
        host, _, port = settings.postgres_internal_address.rpartition(":")
        return host, port
    parts = urlsplit(settings.need("postgres_url"))
    return parts.hostname or "127.0.0.1", str(parts.port or 5432)
