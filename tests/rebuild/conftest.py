"""Stages: one with a topic of its own on the local stack, one without on an embedded server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analytics.settings import Settings
from tests.local.embedded.serving import Serving, start
from tests.rebuild import stage
from tests.rebuild.stage import Stage


@pytest.fixture(scope="package")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    found = start(tmp_path_factory.mktemp("rebuild") / "data")
    yield found
    found.stop()


@pytest.fixture
def batch(serving: Serving) -> Iterator[Stage]:
    """A chain into whose `events` rows are inserted."""
    with stage.unfed(f"clickhouse+http://default:@127.0.0.1:{serving.port}") as found:
        yield found


@pytest.fixture
def own(serving: Serving) -> Iterator[Stage]:
    """A database without anything, for a schema of the test's own."""
    with stage.blank(f"clickhouse+http://default:@127.0.0.1:{serving.port}") as found:
        yield found


@pytest.fixture
def live(stack: Settings) -> Iterator[Stage]:
    """A chain that reads a topic."""
    url = stack.need("clickhouse_url").rpartition("/")[0].replace("default@", "default:@")
    with stage.fed(url, stack.need("kafka_bootstrap_servers")) as found:
        yield found
