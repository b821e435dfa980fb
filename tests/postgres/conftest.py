"""A server of each major, and a database of an owner who is no superuser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString, cast

import psycopg
import pytest

from tests.pages import DOCS, blocks
from tests.postgres import majors

BLOCK = blocks((DOCS / "privileges.md").read_text(), "sql")[0]


@dataclass(frozen=True)
class Shop:
    """The database of the page; its URL is its owner's."""

    server: str
    major: int

    @property
    def url(self) -> str:
        return self.server.replace("postgres@", "migrator@") + "/shop"

    def admin(self, *statements: str, database: str = "shop") -> list[tuple[object, ...]]:
        """Send statements as a superuser; the rows of the last one."""
        with psycopg.connect(f"{self.server}/{database}", autocommit=True) as connection:
            for each in statements:
                cursor = connection.execute(cast(LiteralString, each))
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session", params=majors.CHOSEN)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    major = request.param
    with majors.running(major, tmp_path_factory.mktemp(f"postgres{major}")) as url:
        yield url, major


@pytest.fixture
def shop(server: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Made by the block of the page, and nothing else."""
    made = Shop(*server)
    made.admin(*filter(str.strip, BLOCK.split(";")), database="postgres")
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", made.url)
    for role in ("CLICKHOUSE", "DEBEZIUM"):
        monkeypatch.setenv(f"ANALYTICS_{role}_ROLE_PASSWORD", "hush")
    yield made
    slots = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
    made.admin(slots, "DROP DATABASE shop WITH (FORCE)", database="postgres")
    roles = made.admin("SELECT rolname FROM pg_roles WHERE oid >= 16384", database="postgres")
    made.admin(f"DROP ROLE {', '.join(str(name) for (name,) in roles)}", database="postgres")
