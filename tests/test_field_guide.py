"""The field guide's tutorial, carried out in a copy of the histories."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.conftest import ROOT
from tests.pages import DOCS, blocks

PAGE = (DOCS / "field-guide.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
TUTORIAL = SECTIONS["Adding a table with its view"]
FILES = dict(re.findall(r"`(migrations[\w/.]+)`:\n\n```\w+\n(.*?)^```", TUTORIAL, re.M | re.S))
REVISION = next(file for file in FILES if file.endswith(".py"))
VIEW = FILES["migrations_ch/objects/daily_counts_mv_v01.sql"]
BACKFILL = "INSERT INTO daily_counts" + VIEW[VIEW.index("\nSELECT") :]
EVENT = """
INSERT INTO events_processed
    (event_id, experiment_id, variant_id, user_id, event_type, timestamp, version, is_deleted)
VALUES ('{0}', 'e1', 'A', 'u1', 'exposure', '2026-01-02 03:04:05', 1, {1})"""
COUNTS = "SELECT variant_id, day, uniqExactMerge(events) FROM daily_counts GROUP BY ALL"
LEFT = "SHOW TABLES LIKE '%daily_counts%'"


def head(section):
    """The number of a history's last revision."""
    config = Config(str(ROOT / "alembic.ini"), ini_section=section)
    return ScriptDirectory.from_config(config).get_current_head()


def commands(section):
    """The commands of a section's console blocks, each as its arguments."""
    lines = "".join(blocks(SECTIONS[section], "console")).splitlines()
    return [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """What types a command of the page in a copy of the histories, and gives its output."""
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    for history in ("migrations", "migrations_ch"):
        shutil.copytree(ROOT / history, tmp_path / history)
    monkeypatch.chdir(tmp_path)

    def run(program, *arguments):
        command = [sys.executable, "-m", program, *arguments]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def clickhouse(databases, reader):
    """A database at the head of the shipped history; what the copy brought is taken back."""
    reader("alembic", "upgrade", "head")
    reader("alembic", "-n", "clickhouse", "upgrade", "head")
    yield databases.clickhouse
    reader("alembic", "-n", "clickhouse", "downgrade", "base")


def write(files):
    for file, text in files.items():
        Path(file).write_text(text, encoding="utf-8")


def test_every_new_revision_of_the_page_takes_the_next_number():
    numbers = {
        "clickhouse" if "-n" in command else "alembic": command[-1]
        for command in commands("The file")
    }

    assert numbers == {s: f"{int(head(s)) + 1:04d}" for s in ("alembic", "clickhouse")}
    assert f'revision = "{numbers["clickhouse"]}"' in FILES[REVISION]
    assert f'down_revision = "{head("clickhouse")}"' in FILES[REVISION]


def test_the_command_for_a_new_revision_makes_the_file_that_the_tutorial_fills(reader, tmp_path):
    before = set(tmp_path.rglob("*.py"))

    for command in commands("The file"):
        reader(*command)

    made = {str(path.relative_to(tmp_path)) for path in set(tmp_path.rglob("*.py")) - before}
    assert len(made) == 2
    assert REVISION in made


def test_scripts_are_made_without_a_server(reader):
    scripts = [reader(*command) for command in commands("`--sql`")]

    assert len(scripts) == 2
    assert all(scripts)


@pytest.mark.services
def test_the_tutorial_adds_a_view_that_counts_and_goes_again(reader, clickhouse):
    clickhouse(EVENT.format("before", 0))
    write(FILES)
    outputs = [reader(*command) for command in commands("Adding a table with its view")]
    for event, is_deleted in (("a", 0), ("b", 0), ("b", 0), ("gone", 1)):
        clickhouse(EVENT.format(event, is_deleted))

    assert "CREATE TABLE daily_counts" in outputs[0]
    assert "No new upgrade operations" in outputs[-1]
    assert clickhouse(COUNTS) == [["A", "2026-01-02", "2"]]
    clickhouse(BACKFILL)
    assert clickhouse(COUNTS) == [["A", "2026-01-02", "3"]]

    reader("alembic", "-n", "clickhouse", "downgrade", "-1")
    assert clickhouse(LEFT) == []
