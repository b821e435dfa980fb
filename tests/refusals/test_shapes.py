"""Chains of a shape that no rebuild can compute, and how they are brought into another."""

import pytest

from tests.refusals.chain import COUNTED, DOWN, FIRST, PAGES, SECOND, UP, begin
from tests.refusals.walk import walks

pytestmark = pytest.mark.services


@walks("rebuild/engines.py: {} is of engine {}, whose rows a rebuild cannot recompute")
def test_a_table_of_another_engine(stores, databases):
    begin(stores, databases, PAGES.replace("SummingMergeTree ORDER BY page", "Log"))
    stores.refused("analytics upgrade", "pages is of engine Log", "op.change_view")

    change = UP.replace("rebuild_view", "change_view")
    stores.revise("clickhouse", "0002", change, change.replace("2", "1"))

    stores.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["120"]]


@walks("rebuild/chains.py: {} fires from {} tables of this database")
def test_a_view_that_fires_from_no_table(stores, databases):
    of_nothing = "SELECT '' AS page, toUInt64(dummy) AS n FROM system.one"
    zero = f"CREATE MATERIALIZED VIEW zero TO pages AS {of_nothing}"
    begin(stores, databases, zero=zero)
    stores.refused("analytics upgrade", "zero fires from 0 tables")

    stores.define("zero", f"{FIRST.replace('pages_mv', 'zero')} LIMIT 0", version=2)
    again = 'op.drop_object("zero")\nop.create_object("zero", version={})\n'
    stores.revise("clickhouse", "0002", again.format(2) + UP, f"{DOWN}\n{again.format(1)}")

    stores.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["90"]]


@walks("rebuild/chains.py: views feed each other in a circle ({})")
def test_views_in_a_circle(stores, databases):
    begin(stores, databases)
    databases.clickhouse(
        "CREATE MATERIALIZED VIEW back_mv TO visits AS SELECT page, 0 AS bot FROM pages"
    )
    said = stores.refused("analytics upgrade", "pages, visits")

    first = said.text.split("drop one of ")[1].split(",")[0]
    databases.clickhouse(f"DROP VIEW {first}")

    stores.passes("analytics upgrade")
    assert SECOND.endswith("GROUP BY page")
