"""Every refusal of the package is walked, or is one of the few that nobody can provoke at will."""

import ast
import importlib
from pathlib import Path

from tests.conftest import ROOT
from tests.refusals import places
from tests.refusals.apart import APART
from tests.refusals.walk import WALKED

HERE = Path(__file__).parent


def test_each_refusal_is_walked_and_no_walk_is_stale():
    for file in HERE.glob("test_*.py"):
        importlib.import_module(f"tests.refusals.{file.stem}")
    there = places.keys()

    assert len(there) == len(set(there))
    assert {key for key in there if key not in WALKED and key not in APART} == set()
    assert {key for key in (*WALKED, *APART) if key not in there} == set()
    assert WALKED.keys() & APART.keys() == set()


def test_those_apart_are_few_and_have_a_reason():
    assert len(APART) < 25
    assert all(reason for reason, _ in APART.values())


def test_the_tests_that_cover_those_apart_exist():
    for _, test in APART.values():
        file, _, name = test.partition("::")
        if test:
            tree = ast.parse((ROOT / file).read_text())
            assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}, test
