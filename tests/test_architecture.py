"""docs/architecture.md shows the rooms as they are, and the trips as they are made."""

import json
import os
import re
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text()
MOST = 15  # rooms before the first statement leaves
TRIPS = {
    "alembic -n clickhouse upgrade head": ("alembic", "-n", "clickhouse", "upgrade", "0003"),
    "analytics upgrade": ("analytics", "upgrade", "clickhouse@0004"),
    "op.register_connector": ("alembic", "upgrade", "0009"),
    "op.rebuild_view": ("alembic", "-n", "clickhouse", "upgrade", "0018"),
}
BETWEEN = {
    "alembic -n clickhouse upgrade head": ("alembic", "upgrade", "0008"),
    "op.rebuild_view": ("alembic", "-n", "clickhouse", "upgrade", "0017"),
}
"""What has to be there before a trip begins."""


def described(name):
    """The rooms of a trip as the page lists them, and how many stand before the bar."""
    line = re.search(rf"^### `{re.escape(name)}`\n\nRooms: (.+)$", PAGE, re.M)[1]
    before, _, _ = line.partition("|")
    return re.findall(r"`(\w+)`", line), len(re.findall(r"`(\w+)`", before))


@pytest.mark.services
def test_the_trips_are_those_of_the_page(databases):
    for name, command in TRIPS.items():
        if name in BETWEEN:
            _run(*BETWEEN[name])
        said = _run("-m", "tests.trips", *command)
        trip = json.loads(said.splitlines()[-1])

        assert (trip["rooms"], trip["before_first"]) == described(name), name
        assert trip["before_first"] <= MOST


def _run(*command):
    program = [sys.executable] if command[0] == "-m" else [sys.executable, "-m"]
    done = subprocess.run(
        [*program, *command], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_picture_shows_the_floors_that_imports_keep():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    floors = next(c["layers"] for c in contracts if c["name"].startswith("floors: imports"))
    picture = re.search(r"```\n(  cli.+?)\n```", PAGE, re.S)[1]

    assert [set(re.findall(r"\w+", line[:39])) for line in picture.splitlines()] == [
        set(floor.split(" | ")) for floor in floors
    ]
    assert len(floors) <= 12


@pytest.mark.parametrize("path", re.findall(r"`(\w+/\w+\.py)`", PAGE))
def test_every_file_that_the_page_names_exists(path):
    assert (ROOT / "analytics" / path).is_file() or (ROOT / path).is_file()
