"""A definition, and the statements that create and drop its object."""

import pytest

from analytics.clickhouse import label, usable
from analytics.clickhouse.definition import parse
from analytics.errors import DefinitionError


@pytest.mark.parametrize(
    ("text", "kind", "drop"),
    [
        ("CREATE TABLE a (x Int8) ENGINE = Null", "TABLE", "DROP TABLE IF EXISTS a"),
        (
            "create materialized  view a TO b AS SELECT 1",
            "MATERIALIZED VIEW",
            "DROP VIEW IF EXISTS a",
        ),
        ("CREATE VIEW a AS SELECT 1", "VIEW", "DROP VIEW IF EXISTS a"),
        ("CREATE DICTIONARY a (x Int8)", "DICTIONARY", "DROP DICTIONARY IF EXISTS a"),
        ("CREATE FUNCTION a AS x -> x", "FUNCTION", "DROP FUNCTION IF EXISTS a"),
        (
            "CREATE NAMED COLLECTION a AS k = 1",
            "NAMED COLLECTION",
            "DROP NAMED COLLECTION IF EXISTS a",
        ),
    ],
)
def test_kind_and_name_are_read_from_the_text(text, kind, drop):
    definition = parse("a", f"-- why\n/* and how */ {text};\n")

    assert (definition.kind, definition.name, definition.drop()) == (kind, "a", drop)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1", "does not begin with CREATE"),
        ("CREATE OR REPLACE VIEW a AS SELECT 1", "does not begin with CREATE"),
        ("CREATE TABLE IF NOT EXISTS a (x Int8) ENGINE = Null", "does not begin with CREATE"),
        ("CREATE TABLE db.a (x Int8) ENGINE = Null", "names a database"),
        ("CREATE TABLE a (x Int8) ENGINE = Null; DROP TABLE b", "more than one statement"),
    ],
)
def test_a_definition_that_is_not_one_create_is_refused(text, message):
    with pytest.raises(DefinitionError, match=message):
        parse("a", text)


def test_a_semicolon_in_a_string_or_comment_ends_nothing():
    text = "CREATE VIEW a AS SELECT ';' -- ; no end\n;\n-- the end"

    assert parse("a", text).text == "CREATE VIEW a AS SELECT ';' -- ; no end"


def test_a_view_takes_its_label_behind_parentheses():
    created = parse("a", "CREATE VIEW a (x Int8) AS SELECT x AS x FROM t").create("L")

    assert created == "CREATE VIEW a (x Int8) AS\n(\nSELECT x AS x FROM t\n)\nCOMMENT 'L'"


def test_a_table_takes_its_label_at_the_end():
    created = parse("a", "CREATE TABLE a (x Int8) ENGINE = Null").create("L")

    assert created == "CREATE TABLE a (x Int8) ENGINE = Null\nCOMMENT 'L'"


def test_a_collection_that_exists_is_given_the_values_of_its_definition():
    definition = parse("c", "CREATE NAMED COLLECTION c AS\n    k = 'AS',\n    l = 1")

    assert definition.assign(["k"]) == "ALTER NAMED COLLECTION c SET k = 'AS',\n    l = 1"
    assert definition.assign(["l", "old", "k"]).endswith(" l = 1 DELETE old")


def test_a_comment_of_any_kind_is_no_part_of_the_statement():
    text = "CREATE TABLE t (a Int8) # old; gone\nENGINE = Null #! ; too"

    assert parse("t", text).text == text.strip()


def test_an_as_in_a_comment_begins_no_select():
    text = "CREATE VIEW v -- AS old\n#! AS older\n/* AS oldest */ AS SELECT 1"

    assert parse("v", text).select == "SELECT 1"


def test_another_name_changes_nothing_else():
    made = parse("a", "CREATE /* a */ VIEW a AS SELECT a FROM a").named("b")

    assert (made.name, made.text) == ("b", "CREATE /* a */ VIEW b AS SELECT a FROM a")


def test_a_replacement_keeps_the_comments_before_it():
    made = parse("f", "-- CREATE\nCREATE FUNCTION f AS x -> x").replace()

    assert made == "-- CREATE\nCREATE OR REPLACE FUNCTION f AS x -> x"


@pytest.mark.parametrize("text", ["CREATE MATERIALIZED VIEW v", "CREATE MATERIALIZED VIEW v TO"])
def test_a_view_that_ends_early_is_refused_by_its_name(text):
    definition = parse("v", text)

    assert definition.target is None
    with pytest.raises(DefinitionError, match="the definition of v has no AS: write AS"):
        definition.create("L")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("CREATE MATERIALIZED VIEW v TO t AS SELECT 1", "t"),
        ("CREATE MATERIALIZED VIEW v /* TO u */ TO `t` AS SELECT 1", "t"),
        ("CREATE MATERIALIZED VIEW v ENGINE = Memory AS SELECT 1 AS `TO`", None),
    ],
)
def test_the_target_of_a_view_is_read_from_its_text(text, target):
    assert parse("v", text).target == target


@pytest.mark.parametrize(
    ("engine", "answer"),
    [("MergeTree", True), ("= ReplacingMergeTree(v)", True), ("= Null", False), ("= Kafka", False)],
)
def test_a_table_stores_rows_unless_its_engine_keeps_none(engine, answer):
    definition = parse("t", f"CREATE TABLE t (x Int8) /* ENGINE = Null */ ENGINE {engine}")

    assert definition.stores_rows is answer


@pytest.mark.parametrize(("engine", "answer"), [("Kafka(c)", True), ("Null", False)])
def test_a_kafka_table_is_recognised_by_its_engine(engine, answer):
    definition = parse("a", f"CREATE TABLE a (x Int8) ENGINE = {engine}")

    assert definition.is_kafka is answer


def test_the_label_changes_with_the_text():
    one, two = label.of("a", 1, "x"), label.of("a", 1, "y")

    assert one.startswith("a v01 ")
    assert one != two


UNUSABLE = {
    "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a COMMENT 'mine'": "has a COMMENT",
    "CREATE MATERIALIZED VIEW t ENGINE = Null COMMENT 'mine' AS SELECT 1 AS a": "has a COMMENT",
    "CREATE VIEW t AS SELECT 1 AS a COMMENT 'mine'": "has a COMMENT",
    "CREATE TABLE t AS numbers(10)": "creates a table AS a table function",
    "CREATE TABLE t ENGINE = Memory AS SELECT 1 AS a": "fills what it creates",
    "CREATE TABLE t CLONE AS other": "fills what it creates",
}


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_definition_whose_object_could_not_be_known_again_is_refused(text):
    with pytest.raises(DefinitionError, match=f"the definition of t {UNUSABLE[text]}"):
        usable.definition("t", text)


USABLE = (
    "CREATE TABLE t # a note\n(a Int8) # another\nENGINE = MergeTree ORDER BY a",
    "\ufeffCREATE TABLE `t` (a Int8 COMMENT 'of a column') ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE t AS other",
    "CREATE TABLE t ENGINE = MergeTree ORDER BY n EMPTY AS SELECT n FROM other",
    "CREATE TABLE t (a Int8 PRIMARY KEY); -- done\n",
    "CREATE VIEW t AS WITH 1 AS x SELECT x AS a UNION ALL SELECT 2 SETTINGS max_threads = 1",
    "CREATE VIEW t DEFINER = CURRENT_USER SQL SECURITY DEFINER AS (SELECT comment FROM other)",
    "CREATE MATERIALIZED VIEW t REFRESH EVERY 1 YEAR APPEND TO other EMPTY AS SELECT n FROM other",
    "CREATE MATERIALIZED VIEW t (n UInt64) ENGINE = MergeTree ORDER BY n AS SELECT n FROM other",
)


@pytest.mark.slow
@pytest.mark.parametrize("text", USABLE)
def test_an_object_of_any_definition_carries_its_label(text, server):
    for statement in ("DROP DATABASE IF EXISTS defs", "CREATE DATABASE defs"):
        server.sql(statement)
    server.sql("CREATE TABLE other (n UInt64, comment String) ENGINE = Memory", database="defs")

    server.sql(usable.definition("t", text).create("t v01 0123456789ab"), database="defs")

    label = "SELECT comment FROM system.tables WHERE database = 'defs' AND name = 't'"
    assert server.sql(label).strip() == "t v01 0123456789ab"
