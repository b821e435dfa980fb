"""`analytics plan --check`: what it cannot rehearse, and what it finds, can be put right."""

import pytest

from tests.refusals.walk import walks

pytestmark = pytest.mark.services

CHECK = "analytics plan --check"
TABLE = "CREATE TABLE visits (n UInt64) ENGINE = MergeTree ORDER BY n"
ADD = 'op.execute("ALTER TABLE {} ADD COLUMN IF NOT EXISTS m UInt8")'
DROP = 'op.execute("ALTER TABLE visits DROP COLUMN IF EXISTS {}")'
HEADS = "release/rehearsal.py: {} has several heads ({})"
HALF = "release/rehearsal.py: {} is {}"
FAILS = "release/rehearsal.py: {}: {}"
WHOLE = "release/rehearsal.py: the way back leaves {}"
LEAVES = "release/rehearsal.py: its way back leaves other tables: {}"


@pytest.fixture
def shop(stores, monkeypatch):
    """A table, in stores to which neither Kafka nor Connect belongs."""
    for name in ("ANALYTICS_CONNECT_URL", "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"):
        monkeypatch.delenv(name)
    stores.define("visits", TABLE)
    make, drop = 'op.create_object("visits", version=1)', 'op.drop_object("visits")'
    stores.revise("clickhouse", "0001", make, drop)
    stores.passes("analytics upgrade")
    return stores


@walks(HEADS, HALF, FAILS, LEAVES)
def test_a_release_is_put_right_until_its_rehearsal_passes(shop, databases):
    shop.revise("clickhouse", "0002", ADD.format("nowhere"), DROP.format("m"))
    shop.run("analytics upgrade")
    said = shop.refused(CHECK, "clickhouse is half-way in upgrade of 0002", key=HALF)
    shop.revise("clickhouse", "0002")
    shop.follow(said, "analytics upgrade")

    shop.revise("clickhouse", "0003", ADD.format("nowhere"), DROP.format("k"))
    shop.revise("clickhouse", "0004", follows="0002")
    shop.follow(shop.refused(CHECK, "0003", "0004", key=HEADS), "alembic -n clickhouse merge")

    shop.refused(CHECK, "revision 0003", "nowhere", "correct the revision", key=FAILS)
    shop.revise("clickhouse", "0003", ADD.format("visits"), DROP.format("k"))

    shop.refused(CHECK, "visits", key=LEAVES)
    shop.revise("clickhouse", "0003", ADD.format("visits"), DROP.format("m"))

    shop.passes(CHECK)
    shop.passes("analytics upgrade")


@walks(WHOLE)
def test_a_history_is_put_right_until_it_passes_as_a_whole(shop):
    make, drop = 'op.create_object("visits", version=1)', 'op.drop_object("visits")'
    shop.revise("clickhouse", "0001", make, "pass")
    shop.refused(f"{CHECK} --from-nothing", "clickhouse.visits", "let it undo all", key=WHOLE)

    shop.revise("clickhouse", "0001", make, drop)

    shop.passes(f"{CHECK} --from-nothing")
