"""A server for generated schemas, and how many of them a run tries."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.local.embedded.serving import Serving, start

FEW = 6
"""Generated rebuilds in a usual run; the statements are many more, because each is short."""


def seeds() -> list[int]:
    """The seeds of this run: SEED alone, or as many new ones as GENERATED says."""
    if alone := os.environ.get("SEED"):
        return [int(alone)]
    first = random.randrange(1_000_000_000)
    return [first + n for n in range(int(os.environ.get("GENERATED", FEW)))]


@pytest.fixture(scope="package")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    found = start(tmp_path_factory.mktemp("generated") / "data")
    yield found
    found.stop()


@pytest.fixture(scope="module")
def ends() -> list[str]:
    """How the cases of a module have ended."""
    return []
