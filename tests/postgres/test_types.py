"""Changes of a column's type: those that a server says lose nothing, and the others."""

import pytest

from analytics.postgres import impact

TABLE = (
    "CREATE TABLE t (v varchar(20), n numeric(10, 2), w numeric, s smallint, i int, l bigint, "
    'f float8, r real, d date, at timestamp(3), j json, b jsonb, "C d" varchar(5))'
)
CHANGES = {  # of the column, to the type -> whether anything may be lost
    "v TYPE varchar(21)": False,
    "v TYPE character varying (20)": False,
    "v TYPE varchar(19)": True,
    '"C d" TYPE varchar(6)': False,
    'V TYPE varchar(30) COLLATE "C"': False,
    "n TYPE numeric(12, 2)": False,
    "n TYPE decimal(13, 4)": False,
    "n TYPE numeric(12, 1)": True,
    "n TYPE numeric(10, 3)": True,
    "n TYPE numeric": False,
    "n TYPE bigint": True,
    "w TYPE numeric(40, 20)": True,
    "s TYPE int": False,
    "i TYPE int8": False,
    "i TYPE numeric(12, 2)": False,
    "i TYPE numeric(11, 2)": True,
    "i TYPE double precision": False,
    "l TYPE integer": True,
    "l TYPE float8": True,
    "f TYPE bigint": True,
    "f TYPE numeric": True,
    "r TYPE float8": False,
    "d TYPE timestamp": False,
    "at TYPE timestamp(6)": False,
    "at TYPE timestamp": False,
    "at TYPE timestamp(0)": True,
    "at TYPE date": True,
    "j TYPE jsonb": True,
    "b TYPE json": False,
    "v TYPE text USING v::text": False,
    "v TYPE text USING n::text": True,
    "n TYPE text USING n::int": True,
    "v TYPE varchar(30) USING left(v, 1)": True,
    "v TYPE nothing_of_the_kind(1": True,
    "nothing TYPE int": True,
}


@pytest.fixture
def driver(databases):
    with databases.postgres() as connection:
        connection.execute(TABLE)
        yield connection


@pytest.mark.services
@pytest.mark.parametrize("table", ["t", 'public."t"'])
def test_a_type_that_holds_all_that_the_former_can_loses_nothing(table, driver):
    said = {
        change: impact.of(f"ALTER TABLE {table} ALTER {change}", driver).loses is not None
        for change in CHANGES
    }

    assert said == CHANGES


@pytest.mark.services
def test_each_change_of_a_statement_counts(driver):
    text = "ALTER TABLE t ALTER v TYPE varchar(30), ALTER n TYPE numeric(9, 2)"

    loses = impact.of(text, driver).loses

    assert loses == "changes the type of n in t to numeric(9, 2): values that do not fit"
