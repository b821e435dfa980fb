"""What a command of Alembic's is about to do to one store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from analytics.placeholders import Placeholders
from analytics.settings import Settings


@dataclass(frozen=True)
class Move:
    """A command on one history, with all that it works with."""

    migration: MigrationContext
    settings: Settings
    names: Placeholders
    say: Callable[[str], None]
    ini: Path | None  # where both histories are said to be

    @property
    def connection(self) -> Connection:
        """Alembic's connection to the history's own store."""
        assert self.migration.connection is not None
        return self.migration.connection

    @property
    def is_clickhouse(self) -> bool:
        """Which of the two stores it is."""
        return self.migration.dialect.name == "clickhouse"

    @property
    def dbapi(self) -> Any:
        """The driver's connection under it."""
        return self.connection.connection.dbapi_connection
