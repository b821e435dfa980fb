"""Stores that a user has set: the demo does not migrate them unasked."""

import pytest

from analytics.errors import Refused
from analytics.experiments.demo import prepare
from tests.ours import OURS


@pytest.mark.services
def test_stores_of_the_users_own_are_not_migrated(databases):
    def start(**_):
        raise AssertionError("no local stack is to be started")

    with pytest.raises(Refused, match=r"\d+ revisions are not applied to the stores that are set"):
        prepare.prepare(print, start, OURS)

    assert databases.clickhouse(
        "SELECT count() FROM system.tables WHERE database = currentDatabase()"
    ) == [["0"]]
