"""A site with a view in use: visits are counted by page, and a second version leaves bots out."""

from __future__ import annotations

import pytest

from tests.conftest import Databases
from tests.refusals.walk import Site

SELECT = "SELECT page, count() AS n FROM visits{} GROUP BY page"
VIEW = "CREATE MATERIALIZED VIEW pages_mv TO pages AS "
FIRST, SECOND = VIEW + SELECT.format(""), VIEW + SELECT.format(" WHERE NOT bot")
VISITS = "CREATE TABLE visits (page String, bot UInt8) ENGINE = MergeTree ORDER BY page"
PAGES = "CREATE TABLE pages (page String, n UInt64) ENGINE = SummingMergeTree ORDER BY page"
ROWS = "INSERT INTO visits SELECT toString(number % 3), number % 4 = 0 FROM numbers(120)"
UP, DOWN = (f'op.rebuild_view("pages_mv", version={n})' for n in (2, 1))
COUNTED = "SELECT sum(n) FROM pages"


@pytest.fixture
def shop(stores: Site, databases: Databases) -> Site:
    """The chain at its first versions, with rows, and a release that rebuilds its view."""
    begin(stores, databases)
    return stores


def begin(site: Site, databases: Databases, pages: str = PAGES, **others: str) -> None:
    """Make the chain, and what else is named in it; write the revision that rebuilds it."""
    definitions = {"visits": VISITS, "pages": pages, **others, "pages_mv": FIRST}
    for name, text in definitions.items():
        site.define(name, text)
    up = [f'op.create_object("{name}", version=1)' for name in definitions]
    down = [f'op.drop_object("{name}")' for name in reversed(definitions)]
    site.revise("clickhouse", "0001", "\n".join(up), "\n".join(down))
    site.passes("analytics upgrade")
    databases.clickhouse(ROWS)
    site.define("pages_mv", SECOND, version=2)
    site.revise("clickhouse", "0002", UP, DOWN)
