"""A definition as the statements that create and drop its object."""

import pytest

from analytics.clickhouse import statement
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
    definition = statement.parse("a", f"-- why\n/* and how */ {text};\n")

    assert (definition.kind, definition.name, definition.drop()) == (kind, "a", drop)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT 1", "does not begin with CREATE"),
        ("CREATE OR REPLACE VIEW a AS SELECT 1", "does not begin with CREATE"),
        ("CREATE TABLE IF NOT EXISTS a (x Int8) ENGINE = Null", "does not begin with CREATE"),
        ("CREATE TABLE db.a (x Int8) ENGINE = Null", "names a database"),
        ("CREATE TABLE a (x Int8) ENGINE = Null; DROP TABLE b", "more than one statement"),
    ],
)
def test_a_definition_that_is_not_one_create_is_refused(text, said):
    with pytest.raises(DefinitionError, match=said):
        statement.parse("a", text)


def test_a_semicolon_in_a_string_or_comment_ends_nothing():
    text = "CREATE VIEW a AS SELECT ';' -- ; no end\n;\n-- the end"

    assert statement.parse("a", text).text == "CREATE VIEW a AS SELECT ';' -- ; no end"


def test_a_view_takes_its_label_behind_parentheses():
    created = statement.parse("a", "CREATE VIEW a (x Int8) AS SELECT x AS x FROM t").create("L")

    assert created == "CREATE VIEW a (x Int8) AS\n(\nSELECT x AS x FROM t\n)\nCOMMENT 'L'"


def test_a_table_takes_its_label_at_the_end():
    created = statement.parse("a", "CREATE TABLE a (x Int8) ENGINE = Null").create("L")

    assert created == "CREATE TABLE a (x Int8) ENGINE = Null\nCOMMENT 'L'"


def test_a_collection_that_exists_is_given_the_values_of_its_definition():
    definition = statement.parse("c", "CREATE NAMED COLLECTION c AS\n    k = 'AS',\n    l = 1")

    assert definition.assign() == "ALTER NAMED COLLECTION c SET k = 'AS',\n    l = 1"


@pytest.mark.parametrize(("engine", "answer"), [("Kafka(c)", True), ("Null", False)])
def test_a_kafka_table_is_recognised_by_its_engine(engine, answer):
    definition = statement.parse("a", f"CREATE TABLE a (x Int8) ENGINE = {engine}")

    assert definition.is_kafka is answer


def test_the_label_changes_with_the_text():
    one, two = statement.label("a", 1, "x"), statement.label("a", 1, "y")

    assert one.startswith("a v01 ")
    assert one != two
