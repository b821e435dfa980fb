"""A folder that holds no project, or a part of one: every command says so in a line."""

import json

import pytest
from click.testing import CliRunner

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
