"""Dictionaries follow their source, as LIFETIME says."""

import pytest

from tests.local.embedded.serving import until

pytestmark = pytest.mark.slow  # a LIFETIME is whole seconds

DICTIONARY = """
CREATE DICTIONARY names (id UInt64, name String)
PRIMARY KEY id
SOURCE(CLICKHOUSE(TABLE 'source'))
LAYOUT(HASHED())
LIFETIME({})"""


@pytest.fixture
def names(own_server):
    """Makes a dictionary over a table of one row, reads it once, and adds a row."""

    def make(lifetime):
        serving = own_server()
        serving.sql("CREATE TABLE source (id UInt64, name String) ENGINE = MergeTree ORDER BY id")
        serving.sql("INSERT INTO source VALUES (1, 'one')")
        serving.sql(DICTIONARY.format(lifetime))
        assert serving.sql("SELECT count() FROM names") == "1\n"
        serving.sql("INSERT INTO source VALUES (2, 'two')")
        return serving

    return make


def test_a_loaded_dictionary_sees_a_row_that_comes_later(names):
    serving = names("MIN 1 MAX 2")

    until(lambda: serving.sql("SELECT count() FROM names") == "2\n")


def test_it_keeps_what_it_has_while_its_source_is_away(names):
    serving = names("MIN 1 MAX 2")
    until(lambda: serving.sql("SELECT count() FROM names") == "2\n")

    serving.sql("RENAME TABLE source TO away", check_table_dependencies=0)
    failed = "SELECT last_exception != '' FROM system.dictionaries WHERE name = 'names'"
    until(lambda: serving.sql(failed) == "1\n")
    assert serving.sql("SELECT count() FROM names") == "2\n"

    serving.sql("INSERT INTO away VALUES (3, 'three')")
    serving.sql("RENAME TABLE away TO source", check_table_dependencies=0)
    until(lambda: serving.sql("SELECT count() FROM names") == "3\n")


def test_without_a_lifetime_it_stays_as_it_is(names):
    serving = names("0")
    serving.sql(DICTIONARY.format("MIN 1 MAX 1").replace("names", "others"))
    serving.sql("SELECT count() FROM others")
    serving.sql("INSERT INTO source VALUES (3, 'three')")

    until(lambda: serving.sql("SELECT count() FROM others") == "3\n")
    assert serving.sql("SELECT count() FROM names") == "1\n"
