"""`analytics local`: what it prints where, and its exit codes, without a running service."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from analytics.cli.local import local
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout


@pytest.fixture(autouse=True)
def _folder(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(layout.root))


WITHOUT_PSUTIL = "import sys; sys.modules['psutil'] = None; from analytics.cli import main; main()"


def test_a_stack_that_is_not_installed_is_one_line() -> None:
    command = [sys.executable, "-c", WITHOUT_PSUTIL, "local", "status"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    remedy = "pip install 'pipeline-revisions[local]'"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: the local stack is not installed: {remedy}\n"


@pytest.mark.parametrize("command", ["up", "down", "status", "reset", "logs", "env"])
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(local, [command, "--help"])

    assert done.exit_code == 0
    assert done.output.splitlines()[2].strip().endswith((".", "healthy."))


@pytest.mark.parametrize("command", ["up", "down", "logs"])
def test_an_unknown_service_is_a_usage_error(command: str) -> None:
    done = CliRunner().invoke(local, [command, "redis"])

    assert done.exit_code == 2
    assert "'redis' is not one of 'postgres', 'kafka', 'connect', 'clickhouse'" in done.stderr


def test_status_of_nothing_is_four_times_down() -> None:
    done = CliRunner().invoke(local, ["status"])

    assert done.exit_code == 1
    assert done.stdout.count("down") == 4


def test_down_of_nothing_is_fine() -> None:
    done = CliRunner().invoke(local, ["down"])

    assert (done.exit_code, done.output) == (0, "")


def test_env_of_nothing_says_how_to_start() -> None:
    done = CliRunner().invoke(local, ["env"])

    assert isinstance(done.exception, LocalStackError)
    assert str(done.exception) == "no service runs: start the stack with `analytics local up`"


def test_logs_prints_the_last_lines(layout: Layout) -> None:
    layout.log("kafka").write_text("one\ntwo\nthree\n")

    done = CliRunner().invoke(local, ["logs", "kafka", "-n", "2"])

    assert done.stdout == "two\nthree\n"


def test_logs_of_a_service_that_never_ran_are_empty() -> None:
    done = CliRunner().invoke(local, ["logs", "kafka"])

    assert (done.exit_code, done.output) == (0, "")


def test_reset_without_a_yes_throws_nothing_away(layout: Layout) -> None:
    layout.data("kafka").mkdir()

    done = CliRunner().invoke(local, ["reset"], input="n\n")

    assert done.exit_code == 1
    assert layout.data("kafka").exists()


def test_reset_with_yes_throws_the_data_away(layout: Layout) -> None:
    layout.data("kafka").mkdir()
    (layout.jars / "kept").touch()

    done = CliRunner().invoke(local, ["reset", "--yes"])

    assert done.exit_code == 0
    assert not layout.data("kafka").exists()
    assert (layout.jars / "kept").exists()
