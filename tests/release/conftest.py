"""The small project without Kafka, whose first revisions have run as a release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.safety import project as projects
from tests.safety.project import Project


@pytest.fixture
def small(
    tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Project]:
    """The project in fresh databases; they are left as they were."""
    for name in ("ANALYTICS_CONNECT_URL", "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    written = projects.write(tmp_path, databases.name)
    assert projects.ended(written.start_release("upgrade"))[0] == 0
    yield written
    back = written.start_release("downgrade", "base", "--allow-data-loss")
    assert projects.ended(back)[0] == 0
