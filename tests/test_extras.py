"""The core does without the packages that only the local stack and the demo use."""

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

NEED_EXTRAS = (
    "analytics.local",
    "analytics.cli.local",
    "analytics.cli.demo",
    "analytics.experiments.demo",
)
CODE = """
import pkgutil, sys
from importlib import import_module

import analytics
from analytics.errors import AnalyticsError

sys.modules.update(dict.fromkeys(sys.argv[1:]))  # to import one of them fails
for module in pkgutil.walk_packages(analytics.__path__, "analytics.", onerror=lambda _: None):
    try:
        import_module(module.name)
        print("imported", module.name)
    except AnalyticsError:
        print("refused", module.name)
"""


def modules_of_extras():
    """The names under which the packages of both extras are imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {Requirement(text).name for text in (*extras["local"], *extras["experiments"])}
    canonical = {canonicalize_name(name) for name in wanted}
    installed = packages_distributions().items()
    return [name for name, given in installed if canonical & set(map(canonicalize_name, given))]


def test_the_core_is_imported_without_the_extras():
    command = [sys.executable, "-c", CODE, *modules_of_extras()]

    done = subprocess.run(command, capture_output=True, check=True, text=True)

    answers = [line.split() for line in done.stdout.splitlines()]
    refused = [name for answer, name in answers if answer == "refused"]
    assert "analytics.cli.demo" in refused
    assert [name for name in refused if not name.startswith(NEED_EXTRAS)] == []
    assert ["imported", "analytics.experiments.reports.reading"] in answers
