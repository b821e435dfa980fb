"""Rebuilds of generated schemas: right, or refused or named as a loss before anything is touched.

A test's id is its seed: `SEED=<id> pytest tests/generated/test_rebuilds.py` runs it again, alone.
"""

import pytest

from tests.generated import rebuilding, schema
from tests.generated.conftest import seeds
from tests.safety.releases import record

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", seeds())
def test_a_generated_rebuild_is_right_or_touches_nothing(seed, serving, ends):
    case = schema.make(seed)
    print(case)

    outcome = rebuilding.run(case, f"clickhouse+http://default:@127.0.0.1:{serving.port}")

    print(outcome)
    ends.append(outcome.end)
    record(test="rebuild", end=outcome.end, is_founded=outcome.is_founded, kinds=case.kinds)


def test_most_of_them_are_done_or_name_a_loss(ends):
    """Or the test above would say nothing; chance is given two cases."""
    through = sum(end in ("done", "loss") for end in ends)

    assert ends and 5 * (through + 2) >= 2 * len(ends)
