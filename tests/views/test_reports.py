"""Every row and column of every report against the oracle, whatever happened in whatever order."""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.views import generator
from tests.views.ledger import within
from tests.views.warehouse import at_random

pytestmark = pytest.mark.services

EXAMPLES = int(os.environ.get("REPORTS_EXAMPLES", "10"))
SEEDS = st.integers(0, 2**32 - 1)
LEDGERS = st.randoms(use_true_random=False).map(generator.make)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking took longer than the suite
)
@given(ledger=LEDGERS, order=SEEDS)
def test_reports_are_the_oracle_s_in_two_orders(warehouse, ledger, order):
    rng = random.Random(order)
    copies = [warehouse.load(ledger, at_random(rng)) for _ in range(2)]

    assert warehouse.differences(*copies) == []


@pytest.mark.parametrize("seed", range(3))
def test_reports_of_many_users_are_the_oracle_s(warehouse, seed):
    rng = random.Random(seed)
    many = generator.make(rng, generator.MANY)

    assert warehouse.differences(warehouse.load(many, at_random(rng))) == []


def test_a_report_without_anything_is_empty(warehouse):
    nothing = within(generator.ledger(), "nobody:")

    assert warehouse.differences(nothing) == []
