"""The placeholders: names that differ between databases, `${name}` in definitions and revisions.

The names derive from the two databases, so that a second pair of databases on the same servers
gets its own topic, slot, roles, connector, consumer group and named collections; docs/settings.md
has a table of them.

`${kafka_brokers}`, `${postgres_host}`, `${postgres_port}` and `${postgres_database}` are addresses
as ClickHouse and Connect see them; `${kafka_security_protocol}`, `${kafka_sasl_mechanism}` and
`${kafka_username}` are empty if they are not used. `${debezium_role_password}`,
`${clickhouse_role_password}` and `${kafka_password}` are secrets: filled in when they are sent,
never shown.
`${env:NAME}` and `${file:...}` belong to Kafka Connect and pass through untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from analytics.errors import DefinitionError, SettingError
from analytics.settings import Settings, brokers, database_of

PLACEHOLDER = re.compile(r"\$\{([a-z_]+)\}")
FOREIGN = re.compile(r"\$\{\w+(?::[^}]*)?\}")  # of Kafka Connect, or misspelt
SECRETS = ("debezium_role_password", "clickhouse_role_password", "kafka_password")
DEFAULT_NAMESPACE = "experiments"
DEFAULT_DATABASE = "experiments_analytics"


@dataclass(frozen=True)
class Placeholders:
    """Values by name; each is computed only when a text uses it."""

    values: Mapping[str, Callable[[], str]]
    lenient: bool = False  # a placeholder without a value stays as it is, for `--sql`

    def fill(self, text: str) -> str:
        """The text with all but secrets filled in, which may be shown and compared.

        Raises DefinitionError for an unknown placeholder, SettingError for one without a value.
        """
        return PLACEHOLDER.sub(lambda m: m[0] if m[1] in SECRETS else self._value(m), text)

    def fill_all(self, text: str) -> str:
        """The same for ClickHouse, which would take any other `${...}` literally: DefinitionError.

        So `${env:X}` would be a password that anybody knows.
        """
        filled, known = self.fill(text), self.values if self.lenient else SECRETS
        for found in FOREIGN.finditer(filled):
            if found[0][2:-1] not in known:
                raise DefinitionError(
                    f"{found[0]} is no placeholder, and ClickHouse would take it as it is",
                    f"use one of: {', '.join(sorted(self.values))}",
                )
        return filled

    def reveal(self, text: str) -> str:
        """The text as it is sent, with secrets, which stand in literals; raises as `fill` does."""
        return PLACEHOLDER.sub(
            lambda m: self._value(m).replace("'", "''") if m[1] in SECRETS else self._value(m), text
        )

    def secrets(self, text: str) -> set[str]:
        """The secrets that a text cannot do without."""
        return {name for name in SECRETS if f"${{{name}}}" in text and not self._is_empty(name)}

    def _is_empty(self, name: str) -> bool:
        with suppress(SettingError):
            return not self.values[name]()
        return False

    def _value(self, match: re.Match[str]) -> str:
        name = match[1]
        if name not in self.values:
            known = ", ".join(sorted(self.values))
            raise DefinitionError(f"${{{name}}} is not a placeholder", f"use one of: {known}")
        try:
            return self.values[name]()
        except SettingError:
            if self.lenient:
                return match[0]
            raise


def placeholders(settings: Settings, *, lenient: bool = False) -> Placeholders:
    """The placeholders of the two databases in the settings."""
    fixed = {name: partial(str, value) for name, value in _names(settings).items()}
    return Placeholders(fixed | _computed(settings), lenient)


def _names(settings: Settings) -> dict[str, str]:
    """The names that derive from the names of the databases."""
    postgres = database_of(settings.postgres_url or "")
    space = _identifier(settings.namespace or postgres or DEFAULT_NAMESPACE)
    database = _identifier(database_of(settings.clickhouse_url or "") or DEFAULT_DATABASE)
    return {
        "namespace": space,
        "topic": f"{space}_events",
        "publication": f"{space}_pub",
        "slot": f"{space}_slot",
        "connector": space,
        "debezium_role": f"{space}_debezium",
        "clickhouse_role": f"{space}_clickhouse",
        "group": f"clickhouse_{database}",
        "kafka_collection": f"{database}_kafka",
        "postgres_collection": f"{database}_postgres",
    }


def _computed(settings: Settings) -> dict[str, Callable[[], str]]:
    """The secrets and addresses, which need a setting."""
    roles: dict[str, Callable[[], str]] = {n: partial(settings.need, n) for n in SECRETS[:2]}
    return roles | {
        "kafka_brokers": lambda: (
            brokers.of(settings, servers=settings.kafka_internal_bootstrap_servers).servers
        ),
        "kafka_security_protocol": lambda: brokers.access(settings).protocol,
        "kafka_sasl_mechanism": lambda: brokers.access(settings).mechanism,
        "kafka_username": lambda: brokers.access(settings).username,
        "kafka_password": lambda: brokers.access(settings).password,
        "postgres_host": lambda: _postgres_address(settings)[0],
        "postgres_port": lambda: _postgres_address(settings)[1],
        "postgres_database": lambda: database_of(settings.need("postgres_url")),
    }


def _identifier(name: str) -> str:
    """A name that slots, roles and topics accept: lower case, digits, underscores."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _postgres_address(settings: Settings) -> tuple[str, str]:
    if settings.postgres_internal_address:
        host, _, port = settings.postgres_internal_address.rpartition(":")
        return host, port
    parts = urlsplit(settings.need("postgres_url"))
    return parts.hostname or "127.0.0.1", str(parts.port or 5432)
