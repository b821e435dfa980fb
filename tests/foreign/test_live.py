"""The shop's second release under load: upgrade, three views rebuilt, and all of it undone."""

import time

import pytest

from tests.foreign import oracle, traffic
from tests.foreign.stores import AFTER, BEFORE, FORTH, MADE
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=1)]

WARM = 1.0  # seconds of traffic before and after each release


def test_every_count_is_the_ledgers_before_a_release_after_it_and_after_its_undo(opened):
    def served(*arguments):
        with traffic.open_shop(opened.databases):
            time.sleep(WARM)
            opened.run(*arguments)
            time.sleep(WARM)

    before = opened.made()
    served("status")
    counted = [oracle.await_equal(opened.databases, BEFORE["clickhouse"])]
    served("upgrade", *FORTH)
    counted.append(oracle.await_equal(opened.databases, AFTER["clickhouse"]))
    served("downgrade")
    counted.append(oracle.await_equal(opened.databases, BEFORE["clickhouse"]))

    assert opened.made() == before
    assert not MADE.search(str(before["tables"]))
    assert sorted(set(counted)) == counted

    record(test="counted", messages=counted[-1])


def test_a_message_that_is_counted_twice_would_be_seen(opened):
    traffic.serve(opened.databases, 50)
    oracle.await_equal(opened.databases, BEFORE["clickhouse"])

    opened.databases.clickhouse(
        "INSERT INTO inbox SELECT * FROM inbox WHERE headers['event'] = 'OrderPlaced' LIMIT 1"
    )

    states = {"orders as they are", "payments", "unpaid orders"}  # the newest of each counts
    every = set(oracle.questions(BEFORE["clickhouse"]))
    assert set(oracle.differences(opened.databases, BEFORE["clickhouse"])) == every - states
