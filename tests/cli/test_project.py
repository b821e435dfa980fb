"""A folder that holds no project, or a part of one: every command says so in a line."""

import json

import pytest
from click.testing import CliRunner

from analytics import settings
from analytics.cli import COMMANDS as ALL
from analytics.cli import analytics
from analytics.errors import HistoryError

COMMANDS = ["status", "history", "upgrade", "downgrade", "stamp base"]
INI = "[alembic]\nscript_location = %(here)s/migrations\n"
BOTH = f"{INI}[clickhouse]\nscript_location = %(here)s/migrations_ch\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", "http://127.0.0.1:1/nothing")
    return tmp_path


EVERY = {name: name for name in ALL if name != "init"} | {
    "local": "local status",
    "rebuild": "rebuild view 1 --dry-run",
    "report": "report summary any",
    "resolve": "resolve 1 --abandon --reason none",
    "stamp": "stamp base",
}


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_that_there_is_no_project(name, folder):
    done = CliRunner().invoke(analytics, EVERY[name].split())

    assert isinstance(done.exception, HistoryError)
    assert str(done.exception).startswith(f"there is no {folder}/alembic.ini: change to the pro")
    assert "analytics -c FILE" in str(done.exception)


def test_the_project_is_the_one_that_is_named(project_of, tmp_path, monkeypatch, run):
    project_of(migrations={"0001": 'revision = "0001"\ndown_revision = None\n'})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.delenv("ANALYTICS_LOCAL_DIR", raising=False)

    listed = run("-c", "../alembic.ini", "history")
    monkeypatch.setenv("ALEMBIC_CONFIG", str(tmp_path / "alembic.ini"))
    asked = run("local", "reset")

    assert (listed.exit_code, listed.output.split()[:2]) == (0, ["postgres", "0001"])
    assert f"Throw away everything in {tmp_path}/.local/data?" in asked.output


def test_two_projects_are_worked_on_in_one_process(project_of, tmp_path, run):
    project_of()
    (tmp_path / "other.ini").write_text("[secrets]\ntoken = planted\n")

    assert run("-c", "other.ini", "status").exception.args[0].startswith("token in [secrets]")
    assert "token" not in str(run("status").exception)
    assert settings.project().file == tmp_path / "alembic.ini"


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_missing_is_named(command, folder):
    def said():
        return str(CliRunner().invoke(analytics, command.split()).exception)

    assert f"there is no {folder}/alembic.ini" in said()

    (folder / "alembic.ini").write_text("[alembic]\n")
    assert "does not name the folder of a history" in said()

    (folder / "alembic.ini").write_text(BOTH)
    (folder / "migrations" / "versions").mkdir(parents=True)
    done = CliRunner().invoke(analytics, command.split())
    assert isinstance(done.exception, HistoryError)
    assert f"{folder}/migrations_ch/versions" in str(done.exception)


@pytest.mark.parametrize(
    "command", ["status --json", "plan --json", "upgrade --json", "verify --json"]
)
def test_an_error_of_a_command_that_prints_json_is_json(command, folder):
    done = CliRunner().invoke(analytics, [*command.split(), "--json"])

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["error"] in ("HistoryError", "Unreachable")
    assert told["reason"] and told["recommendation"]
