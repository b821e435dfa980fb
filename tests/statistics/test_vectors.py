"""Published numeric cases, computed by the functions that ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.statistics import kinds
from tests.statistics.conftest import Evaluate

FILE = Path(__file__).parent / "vectors.json"
CASES = {case["id"]: case for case in json.loads(FILE.read_text())}
OF_FUNCTIONS = [
    case
    for case in CASES.values()
    if not kinds.OF_REPORTS.match(case["kind"]) and not kinds.NOT_OFFERED.match(case["kind"])
]


def given(case: dict[str, Any]) -> dict[str, Any]:
    """The case's input; some refer to another case for it."""
    while "ref" in case["input"]:
        case = CASES[case["input"]["ref"]]
    return dict(case["input"])


@pytest.mark.parametrize("case", OF_FUNCTIONS, ids=lambda case: f"{case['id']}:{case['kind']}")
def test_a_published_case_is_reproduced(case: dict[str, Any], select: Evaluate) -> None:
    [answer] = select(kinds.sql(case["kind"], given(case)))

    if isinstance(answer, list):
        answer = answer[: len(case["expected"])]
    assert answer == pytest.approx(case["expected"], rel=case["tol"], abs=case["tol"])
