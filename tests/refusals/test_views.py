"""Definitions and revisions of a rebuild that cannot work: nothing is touched until they can."""

import pytest

from tests.refusals.chain import COUNTED, DOWN, PAGES, SECOND, UP, VIEW, begin
from tests.refusals.walk import edit, walks

pytestmark = pytest.mark.services

COLUMN = "rebuild/preflight.py: {} selects {}, and {} has no such column"
TEXTS = {
    "rebuild/preflight.py: {} selects {} as {}, and in {} it is {}": (
        SECOND.replace("count()", "[count()]"),
        "Array(UInt64)",
    ),
    "rebuild/preflight.py: {} fails on rows of {}: {}": (
        SECOND.replace("count()", "count() + throwIf(page = '2')"),
        "visits",
    ),
    "rebuild/probes.py: the server refuses version {} of {}: {}": (
        SECOND.replace("page, ", "path AS page, "),
        "path",
    ),
    "rebuild/refusals.py: version {} of {} {}: its history cannot be computed": (
        f"{SECOND.replace(' GROUP', ' AND page IN (SELECT page FROM visits) GROUP')}",
        "reads visits 2 times",
    ),
}


@pytest.fixture
def shop(stores, databases):
    begin(stores, databases)
    return stores


@walks(*TEXTS)
@pytest.mark.parametrize("key", TEXTS)
def test_a_next_version_that_is_corrected(key, shop, databases):
    wrong, named = TEXTS[key]
    shop.define("pages_mv", wrong, version=2)
    shop.refused("analytics upgrade", "pages_mv", named)
    assert databases.clickhouse(COUNTED) == [["120"]]

    shop.define("pages_mv", SECOND, version=2)

    shop.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["90"]]


@walks(COLUMN)
def test_a_column_that_the_target_lacks(shop, databases):
    shop.define("pages_mv", SECOND.replace("count() AS n", "count() AS n, 1 AS m"), version=2)
    said = shop.refused("analytics upgrade", "selects m, and pages")

    shop.define("pages", PAGES.replace("n UInt64", "n UInt64, m UInt64"), version=2)
    also = said.text.split("op.rebuild_view(..., ")[1].split(": ...")[0]
    shop.revise(
        "clickhouse",
        "0002",
        UP.replace(")", f", {also}: 2}})"),
        DOWN.replace(")", f", {also}: 1}})"),
    )

    shop.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["90"]]


CALLS = {
    "rebuild/refusals.py: {}: not in the chain of {}, which is {}": (
        UP.replace(")", ', also={"visits": 1})'),
        "visits",
    ),
    "rebuild/graph.py: there is no materialized view {}": (
        UP.replace("pages_mv", "pages"),
        "pages",
    ),
    "rebuild/change.py: {} views lead from {} to {}": (
        'op.replay("pages", "visits", also={"pages_mv": 2})',
        "0 views",
    ),
    "rebuild/carried.py: keep={}: {} does not fill such a table": (
        UP.replace(")", ', keep=["visits"])'),
        "visits",
    ),
}


@walks(*CALLS)
@pytest.mark.parametrize("key", CALLS)
def test_a_call_that_is_corrected(key, shop, databases):
    wrong, named = CALLS[key]
    shop.define("pages", PAGES, version=2)
    file = shop.revise("clickhouse", "0002", wrong, DOWN)
    shop.refused("analytics upgrade", named)

    edit(file, wrong, UP)

    shop.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["90"]]


OTHER = VIEW.replace("pages_mv", "{}").replace("pages AS", "pages AS ") + "{}"
ALL = 'op.create_object("{0}", version=1)', 'op.drop_object("{0}")'
MADE = {
    "rebuild/refusals.py: version {} of {} is a {}, and {} is a {}": (
        "CREATE VIEW {} AS SELECT page, count() AS n FROM visits GROUP BY page",
        UP,
    ),
    "rebuild/refusals.py: version {} of {} does not lead from {} to {}": (
        "CREATE MATERIALIZED VIEW {} TO more AS SELECT page, 1 AS n FROM visits",
        UP,
    ),
    "rebuild/change.py: version {} of {} does not write to {}": (
        "CREATE MATERIALIZED VIEW {} TO more AS SELECT page, 1 AS n FROM visits",
        UP.replace("rebuild_view", "change_view"),
    ),
}


@walks(*MADE)
@pytest.mark.parametrize("key", MADE)
def test_a_version_that_is_another_object(key, shop, databases):
    text, call = MADE[key]
    shop.define("more", PAGES.replace("pages", "more"))
    shop.define("pages_mv", text.format("pages_mv"), version=2)
    shop.revise("clickhouse", "0002", call, DOWN)
    shop.refused("analytics upgrade", "pages_mv", "op.create_object")

    shop.define("other", text.format("other"))
    created = [f'op.create_object("{name}", version=1)' for name in ("more", "other")]
    dropped = [f'op.drop_object("{name}")' for name in ("other", "more")]
    shop.revise("clickhouse", "0002", "\n".join(created), "\n".join(dropped))

    shop.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["120"]]
    shop.define("pages_mv", SECOND, version=2)
