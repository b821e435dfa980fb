"""The data that a statement of ClickHouse loses, and the data that it rewrites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from analytics.clickhouse import impact
from analytics.sql.tokens import tokens

LOSSES = (
    ("DROP TABLE t", "drops table t"),
    ("DROP TABLE IF EXISTS d . `t x` , u SYNC", "drops table d.`t x`, u"),
    ("DROP DATABASE IF EXISTS d", "drops database d"),
    ("TRUNCATE TABLE IF EXISTS t", "truncates t"),
    ("TRUNCATE t", "truncates t"),
    ("DROP VIEW IF EXISTS v , w", "drops view v, w with the rows that it keeps itself"),
    ("CREATE OR REPLACE VIEW v AS SELECT 1", "replaces v with the rows that it keeps itself"),
    (
        "CREATE MATERIALIZED VIEW v REFRESH EVERY 1 DAY TO t AS SELECT 1",
        "replaces the rows of t at each refresh",
    ),
    ("ALTER TABLE t MODIFY COLUMN a Int8 TTL b + c", "lets values of a in t expire"),
    ("OPTIMIZE TABLE t DEDUPLICATE", "drops rows of t that it takes for duplicates"),
    (
        "OPTIMIZE TABLE t PARTITION 1 FINAL DEDUPLICATE BY a , b",
        "drops rows of t that it takes for duplicates",
    ),
    ("TRUNCATE ALL TABLES FROM d LIKE 'x%'", "truncates all tables of d"),
    ("DELETE FROM t WHERE a", "deletes rows of t"),
    ("UPDATE t SET a = 1 WHERE b", "overwrites values of t"),
    ("CREATE OR REPLACE TABLE t ( a Int8 ) ENGINE = Null", "replaces table t and its rows"),
    ("ALTER TABLE d . t DROP COLUMN IF EXISTS n . x", "drops column n.x of d.t"),
    ("ALTER TABLE t ( CLEAR COLUMN a IN PARTITION 1 )", "clears column a of t"),
    ("ALTER TABLE t DROP PARTITION ( 1 , 'a' ) SETTINGS b = 1", "drops partition (1, 'a') of t"),
    ("ALTER TABLE t DROP PARTITION ID 'a'", "drops partition ID 'a' of t"),
    ("ALTER TABLE t DROP PART 'all_1_1_0'", "drops part 'all_1_1_0' of t"),
    ("ALTER TABLE t DROP DETACHED PARTITION ALL", "drops detached parts of t"),
    ("ALTER TABLE t REPLACE PARTITION 1 FROM u", "replaces partition 1 of t"),
    ("ALTER TABLE t UPDATE a = 1 , b = 2 WHERE 1", "overwrites values of t"),
    ("ALTER TABLE t MODIFY TTL a + INTERVAL 1 DAY", "lets rows of t expire"),
    (
        "ALTER TABLE t MODIFY COLUMN IF EXISTS a Enum8 ( 'a' = 1 ) DEFAULT 'a' AFTER b",
        "changes the type of a in t to Enum8('a' = 1): values that do not fit",
    ),
    (
        "ALTER TABLE t ALTER COLUMN a TYPE Tuple ( x Int8 , y Int8 )",
        "changes the type of a in t to Tuple(x Int8, y Int8): values that do not fit",
    ),
    ("ALTER TABLE t DELETE WHERE a , DROP COLUMN b", "deletes rows of t, drops column b of t"),
    (
        "ALTER TABLE t MODIFY ORDER BY ( a , b )",
        "lets rows of t that are alike in (a, b) become one",
    ),
    ("DROP TABLE t ; DROP TABLE u", "drops table t, drops table u"),
)
NONE = (
    "",
    "SELECT 'DROP TABLE t'",
    "DROP DICTIONARY d",
    "DROP FUNCTION f",
    "DROP NAMED COLLECTION c",
    "DROP TABLE IF EMPTY t",
    "DETACH TABLE t",
    "CREATE TABLE t ( a Int8 ) ENGINE = Null",
    "INSERT INTO t SELECT 1",
    "CREATE MATERIALIZED VIEW v REFRESH EVERY 1 DAY APPEND TO t AS SELECT 1",
    "ALTER TABLE t ADD COLUMN a Int8 COMMENT 'DROP COLUMN b'",
    "ALTER TABLE t MODIFY COLUMN IF EXISTS a DEFAULT 1",
    "ALTER TABLE t MODIFY COLUMN a REMOVE TTL",
    "ALTER TABLE t MODIFY COLUMN a CODEC ( ZSTD )",
    "ALTER TABLE t DROP INDEX i , DROP PROJECTION p",
    "ALTER TABLE t MOVE PARTITION 1 TO TABLE u",
)


@pytest.mark.parametrize(("text", "loss"), LOSSES)
def test_a_loss_is_named(text, loss):
    assert impact.of(text).loses == loss


@pytest.mark.parametrize("text", NONE)
def test_what_can_be_made_again_is_no_loss(text):
    assert impact.of(text).loses is None


@given(
    st.sampled_from([*NONE, *(text for text, _ in LOSSES)]),
    st.sampled_from([" ", "\n", " /* DROP TABLE x */ ", " -- '\n"]),
)
def test_blanks_comments_and_case_change_no_loss(text, blank):
    pieces = [token.text.decode() for token in tokens(text.encode())]
    spread = blank.join(pieces)

    assert impact.of(spread).loses == impact.of(text).loses
    assert (impact.of(spread.lower()).loses or "").lower() == (impact.of(text).loses or "").lower()


@pytest.mark.parametrize(
    ("text", "blocks", "tables"),
    [
        ("ALTER TABLE t MODIFY COLUMN a Int64", "rewrites column a of t", ("t",)),
        ("ALTER TABLE d.t UPDATE a = 1 WHERE b", "rewrites parts of d.t", ("d.t",)),
        ("ALTER TABLE t MATERIALIZE INDEX i", "rewrites parts of t", ("t",)),
        ("OPTIMIZE TABLE t FINAL", "merges all of t", ("t",)),
        ("ALTER TABLE t ADD COLUMN a Int64", None, ()),
        ("DROP TABLE t, u", None, ("t", "u")),
        ("DROP DATABASE d", None, ()),
    ],
)
def test_what_is_rewritten_is_named_with_the_tables_concerned(text, blocks, tables):
    judged = impact.of(text)

    assert (judged.blocks, judged.tables) == (blocks, tables)


TYPES = {  # of the column now, and by the statement -> whether anything may be lost
    ("Enum8('a' = 1)", "Enum8('a' = 1, 'b' = 2)"): False,
    ("Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)"): True,
    ("Enum8('a' = 1)", "LowCardinality(String)"): False,
    ("Decimal(9, 2)", "Decimal(18, 4)"): False,
    ("Decimal(18, 4)", "Decimal64(2)"): True,
    ("UInt8", "Nullable(UInt32) DEFAULT 1 AFTER n"): False,
    ("UInt32", "UInt8 CODEC(T64)"): True,
    ("String", "UInt8"): True,
    ("String", "nothing of the kind"): True,
}


def connected(server, *statements):
    """A connection to a database with what these statements make."""
    for statement in ("DROP DATABASE IF EXISTS wide", "CREATE DATABASE wide"):
        server.sql(statement)
    for statement in statements:
        server.sql(statement, database="wide")
    engine = create_engine(f"clickhouse+http://default:@127.0.0.1:{server.port}/wide")
    return engine.raw_connection()


@pytest.mark.slow
@pytest.mark.parametrize("table", ["t", "wide.t", '`wide` . "t"'])
@pytest.mark.parametrize("now", TYPES)
def test_a_type_that_holds_all_that_the_former_can_loses_nothing(now, table, server):
    raw = connected(server, f"CREATE TABLE t (n Int8, a {now[0]}) ENGINE = MergeTree ORDER BY n")

    found = impact.of(f"ALTER TABLE {table} MODIFY COLUMN a {now[1]}", raw.dbapi_connection)

    raw.close()
    assert bool(found.loses) is TYPES[now]
    assert "rewrites column a of" in found.blocks


DROPPED = {
    "DROP VIEW v": False,
    "DROP VIEW IF EXISTS wide.fed, v": False,
    "DROP TABLE fed": False,
    "DROP VIEW own": True,
    "DROP VIEW v, own": True,
    "CREATE OR REPLACE VIEW v AS SELECT 1": False,
    "CREATE OR REPLACE VIEW t AS SELECT 1": True,
    "RENAME TABLE t TO s; DROP TABLE s": True,
    "ALTER TABLE t MODIFY COLUMN a Int16 TTL d + INTERVAL 1 DAY": True,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", DROPPED)
def test_a_view_without_rows_of_its_own_is_no_loss(text, server):
    raw = connected(
        server,
        "CREATE TABLE t (a Int8, d Date) ENGINE = MergeTree ORDER BY d",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE MATERIALIZED VIEW fed TO t AS SELECT a FROM t",
        "CREATE MATERIALIZED VIEW own ENGINE = MergeTree ORDER BY a AS SELECT a FROM t",
    )

    found = impact.of(text, raw.dbapi_connection)

    raw.close()
    assert bool(found.loses) is DROPPED[text]


REORDERED = {
    ("ReplacingMergeTree", "(a, b)"): False,
    ("ReplacingMergeTree", "(a, `b`, c)"): False,
    ("ReplacingMergeTree", "a"): True,
    ("SummingMergeTree", "(a)"): True,
    ("MergeTree", "(a)"): False,
}


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "key"), REORDERED)
def test_a_shorter_key_of_a_table_that_merges_rows_is_a_loss(engine, key, server):
    table = (
        f"CREATE TABLE t (a Int8, b Int8, x Int8) ENGINE = {engine} PRIMARY KEY a ORDER BY (a, b)"
    )
    raw = connected(server, table)

    found = impact.of(
        f"ALTER TABLE t ADD COLUMN c Int8, MODIFY ORDER BY {key}", raw.dbapi_connection
    )

    raw.close()
    assert bool(found.loses) is REORDERED[engine, key]


TYPED = "ALTER TABLE t MODIFY COLUMN {} UInt8 MATERIALIZED a"
ADDED = {
    f"ALTER TABLE t ADD COLUMN IF NOT EXISTS h UInt8; {TYPED.format('h')}": False,
    f"ALTER TABLE t ADD COLUMN `h` UInt8, MODIFY ORDER BY (a, h); {TYPED.format('h')}": False,
    f"ALTER TABLE t ADD COLUMN IF NOT EXISTS b String; {TYPED.format('b')}": True,
    f"ALTER TABLE u ADD COLUMN h UInt8; {TYPED.format('h')}": True,
    f"ALTER TABLE t RENAME COLUMN b TO h, ADD COLUMN IF NOT EXISTS h String; {TYPED.format('h')}": (
        True
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ADDED)
def test_the_type_of_a_column_that_the_text_adds_is_no_loss(text, server):
    table = "CREATE TABLE t (a Int8, b String) ENGINE = MergeTree ORDER BY a"
    raw = connected(server, table)

    found = impact.of(text, raw.dbapi_connection)

    raw.close()
    assert bool(found.loses) is ADDED[text]
