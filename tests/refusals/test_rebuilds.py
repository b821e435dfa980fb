"""Rebuilds that would lose something, or cannot end: what serves goes on, and the way out works."""

import pytest

from tests.refusals.chain import COUNTED, DOWN, PAGES, SECOND, UP, begin
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

IMPORT = "INSERT INTO pages VALUES ('imported', 1000)"
KEEP = UP.replace(")", ', keep=["pages"])')


def option(said):
    """The option that allows a loss, as it is printed."""
    return said.text.split("allow it: ")[1].split(" (")[0]


@walks("rebuild/losses.py: {}: no source makes again {}")
def test_rows_that_no_source_makes_again(stores, databases):
    begin(stores, databases)
    databases.clickhouse(IMPORT)
    said = stores.refused("analytics upgrade", "pages_mv")
    assert databases.clickhouse(COUNTED) == [["1120"]]

    stores.passes(f"analytics upgrade {option(said)}")

    assert databases.clickhouse(COUNTED) == [["90"]]


@walks("rebuild/losses.py: {} is dropped, the only copy of {}")
def test_the_only_copy_of_what_was_left_out(stores, databases):
    begin(stores, databases)
    databases.clickhouse(IMPORT)
    stores.passes("analytics upgrade --allow-data-loss pages")
    stores.define("pages_mv", SECOND.replace("NOT bot", "bot"), version=3)
    stores.revise("clickhouse", "0003", UP.replace("2", "3"), UP)
    said = stores.refused("analytics upgrade", "pages__prev")

    stores.passes(f"analytics upgrade {option(said)}")

    assert databases.clickhouse(COUNTED) == [["30"]]


KEPT = {
    "rebuild/carried.py: keep={}: it has no sorting key, so its rows cannot be told apart": (
        PAGES.replace("SummingMergeTree ORDER BY page", "MergeTree ORDER BY tuple()"),
        SECOND,
        "90",
    ),
    "rebuild/carried.py: keep={}: {} can be computed in one piece only": (
        PAGES,
        f"{SECOND} ORDER BY page LIMIT 1",
        "30",
    ),
}


@walks(*KEPT)
@pytest.mark.parametrize("key", KEPT)
def test_rows_that_cannot_be_kept(key, stores, databases):
    pages, second, counted = KEPT[key]
    begin(stores, databases, pages)
    databases.clickhouse(IMPORT)
    stores.define("pages_mv", second, version=2)
    stores.revise("clickhouse", "0002", KEEP, DOWN)
    stores.refused("analytics upgrade", "keep=pages")

    stores.revise("clickhouse", "0002", UP, DOWN)

    stores.passes("analytics upgrade --allow-data-loss pages")
    databases.clickhouse(IMPORT)
    assert databases.clickhouse(COUNTED) == [[str(int(counted) + 1000)]]


@walks("rebuild/procedure.py: the new {} does not agree with its sources: {}")
def test_a_view_whose_result_is_another_each_time(stores, databases, monkeypatch):
    begin(stores, databases)
    stores.define("pages_mv", SECOND.replace("count()", "rand64() % 1000000"), version=2)
    stores.refused("analytics upgrade", "pages_mv", "ANALYTICS_REBUILD_VERIFY=0")
    assert databases.clickhouse(COUNTED) == [["120"]]

    monkeypatch.setenv("ANALYTICS_REBUILD_VERIFY", "0")

    stores.passes("analytics upgrade")


@walks("release/rebuilds.py: a rebuild of {} was begun and not ended")
def test_a_rebuild_that_was_not_ended(stores, databases):
    begin(stores, databases)
    databases.clickhouse(
        "INSERT INTO visits SELECT if(number > 0, 'a', 'z'), 0 FROM numbers(100000)"
    )
    failing = SECOND.replace("count()", "count() + throwIf(page = 'z')")
    stores.define("pages_mv", failing, version=2)
    stores.run("analytics upgrade")
    said = stores.refused("analytics verify", "pages_mv")
    assert "pages_mv" in stores.passes(said.commands[0]).text

    stores.define("pages_mv", SECOND, version=2)
    stores.passes("analytics upgrade")

    stores.passes("analytics verify")
    assert databases.clickhouse(COUNTED) == [["100090"]]
