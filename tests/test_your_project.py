"""docs/your-project.md, followed as it is written: a wheel, an empty folder, a first rebuild."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time

import pytest

from tests import pages
from tests.conftest import ROOT

PAGE = (pages.DOCS / "your-project.md").read_text()
FILE = r"(?:`([\w/]+\.(?:sql|py))`:\n\n)?"
BLOCK = re.compile(rf"{FILE}^```(console|python|sql)\n(.*?)^```", re.M | re.S)
COUNTS = {
    "orders": "SELECT uniqExactMerge(orders) FROM orders_hourly",
    "customers": "SELECT uniqExactMerge(customers) FROM orders_hourly",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT], check=True
    )
    return next(folder.glob("pipeline_revisions-*.whl"))


@pytest.fixture
def newcomer(wheel, tmp_path, monkeypatch):
    """Somebody's shell: an environment with the wheel, and an empty folder with a space."""
    venv, folder = tmp_path / "venv", tmp_path / "my project"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    ours = sysconfig.get_paths()["purelib"]
    theirs = next(venv.glob("lib/python*/site-packages"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", f"--target={theirs}", wheel],
        check=True,
    )
    (theirs / "others.pth").write_text(f"{ours}\n")  # what the wheel depends on
    shutil.copy(sysconfig.get_path("scripts") + "/alembic", venv / "bin")
    shutil.copytree(theirs / "bin", venv / "bin", dirs_exist_ok=True)
    folder.mkdir()
    for name in [each for each in os.environ if each.startswith("ANALYTICS_")]:
        monkeypatch.delenv(name)
    shell = Shell(folder, os.environ | {"PATH": f"{venv}/bin:{os.environ['PATH']}"}, venv)
    yield shell
    shell.run("analytics local down")


class Shell:
    """Commands in a folder."""

    def __init__(self, folder, environment, venv):
        self.folder, self.environment, self.venv = folder, environment, venv

    def run(self, line):
        program, *arguments = shlex.split(line)
        return self.call(self.venv / "bin" / program, *arguments)

    def call(self, *command):
        done = subprocess.run(
            [self.venv / "bin/python", *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def count(self, what):
        code = (
            "from analytics import settings; from analytics.clickhouse import client;"
            "from analytics.clickhouse.address import sqlalchemy_url\n"
            "with client.opened(sqlalchemy_url(settings.load()), timeout=60) as driver:\n"
            f"    print(client.one(driver, {COUNTS[what]!r}))"
        )
        return int(self.call("-c", code))


@pytest.mark.services
@pytest.mark.slow
def test_the_page_leads_from_nothing_to_a_live_rebuild(newcomer):
    (newcomer.folder / "notes.txt").write_text("there before")
    for path, language, text in BLOCK.findall(PAGE):
        if path:
            (newcomer.folder / path).write_text(text)
        elif language == "console":
            for line in text.splitlines():
                newcomer.run(line.removeprefix("$ "))
        else:
            newcomer.call("-c", text)
            wait_until(lambda: newcomer.count("orders") == 3)

    assert (newcomer.count("orders"), newcomer.count("customers")) == (3, 2)
    where = newcomer.call("-c", "import analytics; print(analytics.__file__)")
    assert str(newcomer.venv) in where


def wait_until(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


COMBINATIONS = {
    "both": ["--postgres", "--clickhouse", "--no-connectors"],
    "postgres": ["--postgres", "--no-clickhouse"],
    "clickhouse": ["--no-postgres", "--clickhouse"],
}


@pytest.mark.services
@pytest.mark.slow
@pytest.mark.parametrize("answers", COMBINATIONS.values(), ids=COMBINATIONS)
def test_what_is_written_runs_and_is_not_written_twice(newcomer, answers):
    newcomer.run(shlex.join(["analytics", "init", *answers]))
    ini = newcomer.folder / "alembic.ini"
    ini.write_text(ini.read_text() + "# mine\n")

    again = newcomer.run(shlex.join(["analytics", "init", *answers]))
    newcomer.run("analytics plan --check --from-nothing")

    assert "wrote" not in again
    assert ini.read_text().endswith("# mine\n")


def test_a_package_of_the_same_name_is_told(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from analytics.cli import analytics

    monkeypatch.chdir(tmp_path)
    (tmp_path / "analytics").mkdir()
    (tmp_path / "analytics/__init__.py").write_text("")

    told = CliRunner().invoke(analytics, ["init", "--postgres", "--no-clickhouse"])
    code = subprocess.run(
        [sys.executable, "-m", "alembic", "current"], capture_output=True, text=True, check=False
    )

    assert "hides ours" in told.output
    assert code.returncode != 0
    assert "this is not the `analytics` of pipeline-revisions" in code.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--no-postgres", "--no-clickhouse"], "PostgreSQL, of ClickHouse, or both"),
        (["--postgres", "--no-clickhouse", "--connectors"], "--connectors needs both"),
    ],
)
def test_answers_that_make_no_project_are_refused(given, said, tmp_path, monkeypatch):
    from click.testing import CliRunner

    from analytics.cli import analytics

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(analytics, ["init", *given])

    assert (done.exit_code, said in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_name_is_that_of_the_distribution():
    import tomllib

    from analytics.scaffold.project import DISTRIBUTION

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
