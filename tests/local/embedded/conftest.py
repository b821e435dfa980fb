"""Servers for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.embedded.serving import Serving, start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server that most tests share."""
    serving = start(tmp_path_factory.mktemp("embedded") / "data", "--user", "anna:secret")
    yield serving
    serving.stop()


@pytest.fixture
def table(server: Serving) -> Iterator[str]:
    """An empty table `rows (a Int32, s String)`."""
    server.sql("CREATE OR REPLACE TABLE rows (a Int32, s String) ENGINE = MergeTree ORDER BY a")
    yield "rows"
    server.sql("DROP TABLE rows")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """Starts servers of the test's own; they end with it."""
    started: list[Serving] = []

    def begin(*arguments: str, folder: Path = tmp_path / "data") -> Serving:
        started.append(start(folder, *arguments))
        return started[-1]

    yield begin
    for serving in started:
        if serving.process.poll() is None:
            serving.kill()
