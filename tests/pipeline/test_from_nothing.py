"""Both histories from nothing, while an application writes at once: no row stays behind."""

import re

import pytest

from tests import ledger
from tests.arrival import await_rows

pytestmark = [pytest.mark.services, pytest.mark.slow]

OUTBOX = """
INSERT INTO experiments.outbox (aggregatetype, aggregateid, type, payload)
VALUES ('ledger', 'u1', 'Early', '{}')"""
ARRIVED = "SELECT count() > 0 FROM raw_events WHERE message LIKE '%Early%'"
COUNTED = "SELECT sum(events_ingested) BETWEEN {} AND {} FROM user_experiment_stats"
TWICE = 10  # rows that may come twice: of transactions that ended while the slot was made


def test_rows_from_before_the_slot_are_sent_by_the_statement_that_is_printed(databases, alembic):
    assert alembic("upgrade", "0003").code == 0

    with ledger.writing(databases) as ids, databases.postgres() as connection:
        connection.execute(OUTBOX)
        ledger.pause(0.5)
        outcome = alembic("upgrade", "head")
        assert outcome.code == 0, outcome.err
        assert alembic("-n", "clickhouse", "upgrade", "head").code == 0
        ledger.pause(1)
        said = re.findall(r"published tables: (.+) rows; to send them: `(.+)`", outcome.err)
        arrived = databases.clickhouse("SELECT uniqExact(event_id) FROM events_processed")
        assert int(arrived[0][0]) < len(ids)

        assert re.fullmatch(r"experiments\.events \d+, experiments\.outbox 1", said[0][0])
        connection.execute(said[0][1])
        ledger.pause(1)

    ledger.await_clickhouse(databases, ids)
    await_rows(databases, ARRIVED, [["1"]])
    await_rows(databases, COUNTED.format(len(ids), len(ids) + TWICE), [["1"]])
