"""The names of a project's own, as its alembic.ini has them: placeholders, secrets, roles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from analytics.errors import DefinitionError, SettingError
from analytics.settings.lookup import Origin

FILE = "alembic.ini"
PLACEHOLDER = re.compile(r"\$\{([a-z_][a-z0-9_]*)\}")
COMPUTED = (
    *("namespace", "clickhouse_database"),
    *("kafka_brokers", "kafka_security_protocol", "kafka_sasl_mechanism"),
    *("kafka_username", "kafka_password"),
    *("postgres_host", "postgres_port", "postgres_database"),
)
"""The placeholders that follow from the settings, which `analytics.placeholders` computes."""


class Role(NamedTuple):
    """A role: its name in PostgreSQL, in which there may be placeholders, and its password."""

    name: str
    secret: str  # a name of [secrets]


@dataclass(frozen=True)
class Ini:
    """What a project has in its alembic.ini beside Alembic's own; empty without a file."""

    file: Path | None = None
    placeholders: Mapping[str, str | Origin] = field(default_factory=dict)  # a text or its place
    secrets: Mapping[str, Origin] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)  # by the name in op.create_role
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.file.parent if self.file else Path.cwd()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables of the secrets, which the local stack makes passwords for."""
        found = (each.variable for each in self.secrets.values())
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def texts(self) -> dict[str, str]:
        """The placeholders that are texts, in which others may be, those of the roles too."""
        own = {name: text for name, text in self.placeholders.items() if isinstance(text, str)}
        return own | {f"{role}_role": each.name for role, each in self.roles.items()}

    def section(self, name: str) -> str:
        """A section of the file, for a message."""
        return f"[{name}] of {self.file or FILE}"

    def missing(self, secret: str) -> SettingError:
        """The error about a secret without a value."""
        return self.secrets[secret].missing()

    def role(self, name: str) -> Role:
        """A role by its name in a revision; DefinitionError if the file has none."""
        if name not in self.roles:
            raise DefinitionError(
                f"{name} is no role",
                f"add `{name} = NAME_IN_POSTGRESQL, NAME_OF_ITS_SECRET` to {self.section('roles')}",
            )
        return self.roles[name]
