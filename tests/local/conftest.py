"""A stack of its own for the tests, in a folder of its own, with the project's jars."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.local import jars, locks, stack
from analytics.local.layout import Layout
from analytics.local.service import quiet
from tests.local.commands import ports_now
from tests.local.contents import COUNT, PUT
from tests.ours import OURS


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty folder of a stack that is not started."""
    made = Layout(tmp_path / "stack", OURS.variables)
    made.make()
    return made


@pytest.fixture(scope="session")
def project_jars() -> Path:
    """The project's jars, fetched if they are not there yet."""
    project = stack.layout()
    project.make()
    with locks.hold(project.lock, "test", quiet):
        jars.install(project, quiet)
    return project.jars.resolve()


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory, project_jars: Path) -> Iterator[Layout]:
    """The folder of a stack; whatever runs in it ends with the package."""
    made = Layout(tmp_path_factory.mktemp("a stack") / ".local", OURS.variables)
    made.root.mkdir()
    made.jars.symlink_to(project_jars)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYTICS_LOCAL_DIR", str(made.root))
        yield made
        stack.down()
    shutil.rmtree(made.root)


@pytest.fixture
def running(place: Layout) -> Layout:
    """The same with all four services up."""
    stack.up()
    return place


@pytest.fixture
def filled(running: Layout) -> dict[str, int]:
    """How much each service holds; never nothing."""
    for put in PUT.values():
        put(ports_now())
    return {name: count(ports_now()) for name, count in COUNT.items()}
