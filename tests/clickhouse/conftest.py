"""An embedded ClickHouse for these tests alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.embedded.serving import Serving, start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """An embedded server."""
    serving = start(tmp_path_factory.mktemp("clickhouse") / "data")
    yield serving
    serving.stop()
