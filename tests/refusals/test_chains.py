"""Chains with something in them that no rebuild knows: the statement that removes it is printed."""

import pytest

from tests.refusals.chain import COUNTED, DOWN, PAGES, UP, begin
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

REFRESHED = (
    "CREATE MATERIALIZED VIEW mine REFRESH EVERY 1 YEAR APPEND TO pages EMPTY AS "
    "SELECT '' AS page, toUInt64(1) AS n"
)
FAR = "CREATE MATERIALIZED VIEW default.{0}_far ENGINE = Null AS SELECT page FROM {0}.pages"
NULL = "CREATE TABLE mine (page String) ENGINE = Null"
BELOW = "CREATE MATERIALIZED VIEW mine_mv TO mine AS SELECT page FROM pages"

OBSTACLES = {
    "rebuild/refusals.py: {}: a rebuild uses that name, and no record knows of it": (
        ("CREATE TABLE pages__check (n UInt8) ENGINE = Log",),
        "pages__check",
        "DROP TABLE IF EXISTS pages__check_of_mine",
    ),
    "rebuild/refusals.py: {} reads from {} in another database": (
        (FAR,),
        "_far",
        "SELECT 1",
    ),
    "rebuild/refusals.py: {} writes to {} as well, at moments that a rebuild does not know: "
    "what it wrote meanwhile would be lost": (
        (REFRESHED,),
        "mine",
        "SELECT 1",
    ),
    "rebuild/preflight.py: mutation {} of {} is under way": (
        (
            "SYSTEM STOP MERGES pages",
            "ALTER TABLE pages DELETE WHERE n = 1000 SETTINGS mutations_sync = 0",
        ),
        "mutation_",
        "SYSTEM START MERGES pages",
    ),
    "rebuild/preflight.py: {} has rows that an UPDATE has changed by patches, "
    "which a snapshot lacks": (
        (
            "ALTER TABLE visits MODIFY SETTING enable_block_number_column = 1, "
            "enable_block_offset_column = 1",
            "OPTIMIZE TABLE visits FINAL",
            "UPDATE visits SET bot = bot WHERE bot = 1 SETTINGS enable_lightweight_update = 1",
        ),
        "visits",
        "SELECT 1",
    ),
}


@walks(*OBSTACLES)
@pytest.mark.parametrize("key", OBSTACLES)
def test_an_obstacle_that_a_statement_removes(key, stores, databases):
    made, named, cleared = OBSTACLES[key]
    begin(stores, databases)
    for statement in made:
        databases.clickhouse(statement.format(databases.name))
    said = stores.refused("analytics upgrade", named, "pages")

    for statement in said.statements:
        databases.clickhouse(statement)

    stores.passes("analytics upgrade")
    assert databases.clickhouse(COUNTED) == [["90"]]
    databases.clickhouse(cleared)


@walks("rebuild/labels.py: {} is in the chain and was not made by a definition (its comment is {})")
def test_a_view_of_nobody(stores, databases):
    begin(stores, databases)
    databases.clickhouse(NULL)
    databases.clickhouse(BELOW)
    said = stores.refused("analytics upgrade", "mine_mv")

    databases.clickhouse(*said.statements)

    stores.passes("analytics upgrade")
    databases.clickhouse("DROP TABLE mine")


@walks("rebuild/chains.py: {} writes to {}, and this database has no such table")
def test_a_view_without_its_table(stores, databases):
    begin(stores, databases)
    for statement in (NULL, BELOW, "DROP TABLE mine"):
        databases.clickhouse(statement)
    said = stores.refused("analytics upgrade", "mine_mv writes to mine")

    databases.clickhouse(*said.statements)

    stores.passes("analytics upgrade")


@walks("rebuild/labels.py: {} is there as {}, and its definition says {}")
def test_a_released_definition_that_was_edited(stores, databases):
    begin(stores, databases)
    stores.define("pages", f"{PAGES} -- by page")
    stores.refused("analytics upgrade", "pages v01")

    stores.define("pages", PAGES)
    stores.define("pages", f"{PAGES} -- by page", version=2)

    stores.passes("analytics upgrade")


@walks("rebuild/graph.py: {} is not a view TO a table that fires at every insert")
def test_a_view_that_keeps_its_rows_itself(stores, databases):
    inner = (
        "CREATE MATERIALIZED VIEW own ENGINE = MergeTree ORDER BY page AS SELECT page FROM pages"
    )
    begin(stores, databases, own=inner)
    stores.refused("analytics upgrade", "own", "CREATE MATERIALIZED VIEW ... TO <table>")

    stores.define("kept", NULL.replace("mine", "kept").replace("Null", "MergeTree ORDER BY page"))
    stores.define("own", BELOW.replace("mine_mv TO mine", "own TO kept"), version=2)
    remake = (
        'op.drop_object("own")\nop.create_object("kept", version=1)\n'
        'op.create_object("own", version=2)\n'
    )
    back = '\nop.drop_object("own")\nop.drop_object("kept")\nop.create_object("own", version=1)'
    stores.revise("clickhouse", "0002", remake + UP, DOWN + back)

    stores.passes("analytics upgrade --allow-data-loss own")
