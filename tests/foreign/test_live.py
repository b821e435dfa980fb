"""The shop's second release under load: upgrade, three views rebuilt, and all of it undone."""

import time

import pytest

from tests.foreign import oracle, traffic
from tests.foreign.stores import BEFORE, HEAD, MADE

pytestmark = [pytest.mark.services, pytest.mark.slow]

WARM = 2.0  # seconds of traffic before and after each release


def test_every_count_is_postgres_own_before_during_and_after(opened):
    def served(*arguments):
        with traffic.open_shop(opened.databases):
            time.sleep(WARM)
            opened.run(*arguments)
            time.sleep(WARM)

    before = opened.made()
    served("status")
    counted = [oracle.await_equal(opened.databases, BEFORE["clickhouse"])]
    served("upgrade")
    counted.append(oracle.await_equal(opened.databases, HEAD["clickhouse"]))
    served("downgrade")
    counted.append(oracle.await_equal(opened.databases, BEFORE["clickhouse"]))

    assert opened.made() == before
    assert not MADE.search(str(before))
    assert sorted(set(counted)) == counted
