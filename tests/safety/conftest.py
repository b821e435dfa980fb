"""A small project in databases of its own, with proxies before its stores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from alembic import command
from alembic.config import Config

from tests.conftest import Databases
from tests.safety import project as projects
from tests.safety import proxy as proxies
from tests.safety.project import Project
from tests.safety.proxy import Proxy

VARIABLES = {
    "postgres": "ANALYTICS_POSTGRES_URL",
    "clickhouse": "ANALYTICS_CLICKHOUSE_URL",
    "connect": "ANALYTICS_CONNECT_URL",
}


@pytest.fixture
def project(tmp_path: Path, databases: Databases) -> Iterator[Project]:
    """The project, in the fresh databases; they are left as they were."""
    written = projects.write(tmp_path, databases.name)
    yield written
    for section in ("clickhouse", "alembic"):
        config = Config(str(tmp_path / "alembic.ini"), ini_section=section)
        command.downgrade(config, "base")


@pytest.fixture
def store() -> str:
    """The server before which the proxy stands, where a test names no other."""
    return "clickhouse"


@pytest.fixture
def proxied(store: str, databases: Databases) -> Iterator[tuple[Proxy, dict[str, str]]]:
    """A proxy before the server, and the environment in which a release goes through it."""
    address = urlsplit(os.environ[VARIABLES[store]])
    assert address.hostname and address.port
    with proxies.running(address.hostname, address.port) as (proxy, port):
        through = address.geturl().replace(f":{address.port}", f":{port}")
        yield proxy, {VARIABLES[store]: through}
