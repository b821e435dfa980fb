"""The modules that the Makefile runs: pytest does not collect them, so their imports are tested."""

import re
from importlib import import_module

import pytest

from tests.conftest import ROOT

MODULES = re.findall(r"-m (tests\.[\w.]+)", (ROOT / "Makefile").read_text())


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_make_runs_has_a_main(name):
    is_package = (ROOT / name.replace(".", "/")).is_dir()

    assert callable(import_module(f"{name}.__main__" if is_package else name).main)
