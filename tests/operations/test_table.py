"""op.change_table: a table is altered, and is then as its definition says, its rows kept."""

import pytest

from analytics.operations.table import HELD, ChangeTable
from analytics.sql.impact import Impact

V1 = "CREATE TABLE thing (x Int8, n UInt8) ENGINE = SummingMergeTree ORDER BY x"
V2 = (
    "CREATE TABLE thing (x Int8, n UInt16, note String DEFAULT 'none' CODEC(ZSTD(1)), h UInt8) "
    "ENGINE = SummingMergeTree PRIMARY KEY x ORDER BY (x, h) "
    "TTL toDate(60000 + n) + INTERVAL 9 YEAR SETTINGS index_granularity = 4096"
)
BY = [
    "ALTER TABLE thing ADD COLUMN IF NOT EXISTS note String DEFAULT 'none' CODEC(ZSTD(1))",
    "ALTER TABLE `thing` ADD COLUMN IF NOT EXISTS h UInt8, MODIFY ORDER BY (x, h)",
    "ALTER TABLE thing MODIFY COLUMN n UInt16, MODIFY TTL toDate(60000 + n) + INTERVAL 9 YEAR;",
]
CHANGE = 'op.change_table("thing", version=2, by={!r})'
FILES = {"objects__thing_v01_sql": V1, "objects__thing_v02_sql": V2.partition(" SETTINGS")[0]}
LABEL = "SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = 'thing'"
BESIDE = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE 'thing%'"


@pytest.fixture
def change(revise, databases):
    """A table with rows at version 1, and Alembic for a history that changes it so."""
    made = revise("clickhouse", 'op.create_object("thing", version=1)', **FILES)
    assert made("upgrade", "head").code == 0
    databases.clickhouse("INSERT INTO thing SELECT number, 1 FROM numbers(10)")
    made("stamp", "base")

    def written(by=BY, **files):
        up = f'op.allow_loss("thing", "a test")\n{CHANGE.format(by)}'
        return revise("clickhouse", up, **FILES | files)

    return written


@pytest.mark.services
def test_the_table_is_as_defined_and_keeps_its_rows(change, databases):
    outcome = change()("upgrade", "head")

    assert outcome.code == 0, outcome.err
    assert databases.clickhouse("SELECT sum(x), sum(n), any(note) FROM thing") == [
        ["45", "10", "none"]
    ]
    assert databases.clickhouse(LABEL)[0][0].startswith("thing v02 ")
    assert databases.clickhouse(BESIDE) == [["thing"]]
    change()("stamp", "base")
    assert change()("upgrade", "head").code == 0  # as after a crash: it is at that version


@pytest.mark.services
def test_what_was_half_altered_is_altered_to_its_end(change, databases):
    databases.clickhouse(BY[0])

    assert change()("upgrade", "head").code == 0
    assert databases.clickhouse(LABEL)[0][0].startswith("thing v02 ")


BAD = {
    "a statement is missing": (BY[:2], "-`n` UInt8; +`n` UInt16"),
    "another table": ([*BY, "ALTER TABLE other DROP COLUMN x"], "is no ALTER TABLE thing"),
    "no ALTER": (["DROP TABLE thing"], "is no ALTER TABLE thing"),
    "fails on the second run": (["ALTER TABLE thing ADD COLUMN h UInt8"], "IF NOT EXISTS"),
    "the server refuses it": (["ALTER TABLE thing MODIFY COLUMN y UInt8"], "NOT_FOUND_COLUMN"),
    "no list": ("ALTER TABLE thing ADD COLUMN h UInt8", "by is a list"),
}


@pytest.mark.services
@pytest.mark.parametrize(("by", "said"), BAD.values(), ids=BAD.keys())
def test_what_would_not_be_as_defined_is_refused_untouched(by, said, change, databases):
    before = databases.clickhouse("SHOW CREATE TABLE thing")

    outcome = change(by)("upgrade", "head")

    assert outcome.code != 0
    assert said in outcome.err
    assert databases.clickhouse("SHOW CREATE TABLE thing") == before
    assert databases.clickhouse(BESIDE) == [["thing"]]


@pytest.mark.services
def test_a_table_that_was_altered_by_hand_is_not_taken_for_the_definition(change, databases):
    databases.clickhouse("ALTER TABLE thing ADD COLUMN mine Int8")

    assert "-`mine` Int8" in change()("upgrade", "head").err
    databases.clickhouse("DROP TABLE thing")
    assert "there is no table thing" in change()("upgrade", "head").err


def test_a_view_is_refused(revise, nowhere):
    view = "CREATE VIEW thing AS SELECT 1"
    run = revise("clickhouse", CHANGE.format(BY), objects__thing_v02_sql=view)

    assert "thing is a VIEW, and no table" in run("upgrade", "head", "--sql").err


def test_the_script_has_every_statement_and_the_label(revise, nowhere):
    out = revise("clickhouse", CHANGE.format(BY), **FILES)("upgrade", "head", "--sql").out

    assert all(each.rstrip(";") in out for each in BY)
    assert "ALTER TABLE thing MODIFY COMMENT 'thing v02 " in out


def test_a_column_that_is_dropped_holds_ingest_and_the_plan_says_it():
    drops = ChangeTable("thing", version=1, by=["ALTER TABLE thing DROP COLUMN IF EXISTS h"])
    adds = ChangeTable("thing", version=2, by=BY)

    assert HELD in drops.held(Impact(loses="drops column h of thing")).blocks
    assert adds.held(Impact()) == Impact()
