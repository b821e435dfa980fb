"""The start of `analytics`: its list of commands is right, and slow imports wait."""

import subprocess
import sys
from importlib import import_module

import pytest

from analytics.cli import COMMANDS

SLOW = ("alembic", "sqlalchemy", "requests", "rich", "kafka", "pydantic", "clickhouse_sqlalchemy")
QUICK = {
    "--help": "",
    "history": "import analytics.cli.history;",
    "status": "import analytics.cli.status, analytics.postgres.heads, analytics.clickhouse.heads;",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_line_of_its_help(name):
    command = getattr(import_module(f"analytics.cli.{name}"), name)

    assert (command.help or "").strip().splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("command", QUICK)
def test_a_quick_command_imports_nothing_slow(command):
    code = f"import sys, analytics.cli; {QUICK[command]} print(*sys.modules)"

    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()

    assert {name.partition(".")[0] for name in modules} & {*SLOW} == set()
