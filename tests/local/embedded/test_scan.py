"""The scanner: what a statement is, and where its parts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local.embedded.http.insert import with_file
from analytics.local.embedded.http.stream import into_file
from analytics.local.embedded.sql.edits import splice
from analytics.local.embedded.sql.scan import scan
from analytics.local.embedded.sql.statement import Statement

BLANKS = st.sampled_from(
    [b" ", b"\n", b"\t \r\n", b" /* FORMAT CSV; */ ", b" -- VALUES (\n", b" # ;\n", b"\xc2\xa0"]
)
STATEMENTS = [
    "SELECT 1",
    "SELECT 'a;b' , `c;d` , \"FORMAT\" FROM t FORMAT JSON SETTINGS a = 1",
    "SELECT a AS format FROM t SETTINGS a = 1 FORMAT CSV",
    "( SELECT 1 ) UNION ALL ( SELECT 2 ) FORMAT TSV",
    "WITH insert AS ( SELECT 1 ) SELECT * FROM insert",
    "WITH x AS ( SELECT 1 ) INSERT INTO t SELECT * FROM x",
    "INSERT INTO t ( a , b ) SELECT 1 , 2",
    "INSERT INTO t ( SELECT 1 )",
    "INSERT INTO t SELECT a FROM input ( 'a Int32' ) SETTINGS x = 1 FORMAT CSV",
    "INSERT INTO FUNCTION null ( 'a Int32' ) SETTINGS x = 1 FORMAT RowBinary",
    "INSERT INTO t VALUES",
    "INSERT INTO values ( format , from ) VALUES",
    "INSERT INTO format FORMAT Values",
    "CREATE TABLE t ( a Int32 ) ENGINE = Memory",
    "SELECT $$ ; FORMAT x $$",
]


def shape(statement: Statement) -> tuple[object, ...]:
    clause = statement.format
    return (
        statement.kind,
        statement.form,
        statement.words,
        clause and clause.name,
        statement.settings_at is not None,
        statement.data_at is not None,
        statement.several,
    )


@given(st.sampled_from(STATEMENTS), st.data())
def test_blanks_comments_and_case_change_nothing(text: str, data: st.DataObject) -> None:
    plain = text.encode()
    pieces = [token.text for token in scan(plain).tokens]
    spread = data.draw(BLANKS) + b"".join(piece + data.draw(BLANKS) for piece in pieces)

    assert shape(scan(spread)) == shape(scan(plain))
    assert shape(scan(spread))[1:3] == shape(scan(spread.swapcase()))[1:3]


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("", "", ""),
        (" -- nothing", "", ""),
        ("(select 1)", "(", ""),
        ("with 1 as x select x", "WITH", ""),
        ("with insert as (select 1) select * from insert", "WITH", ""),
        ("with 1 as x insert into t select x", "INSERT", "select"),
        ("insert into t", "INSERT", "bare"),
        ("insert into t (a) values (1)", "INSERT", "values"),
        ("insert into values (a) values (1)", "INSERT", "values"),
        ("insert into db.values values (1)", "INSERT", "values"),
        ("insert into t (a, select) values (1)", "INSERT", "values"),
        ("insert into t from infile 'x' format CSV", "INSERT", "select"),
        ("insert into t select input from u format CSV", "INSERT", "select"),
        ("insert into t select * from input('a Int8') format CSV 1", "INSERT", "input"),
        ("insert into t select * from values('a Int8', 1)", "INSERT", "select"),
    ],
)
def test_kind_and_form(text: str, kind: str, form: str) -> None:
    statement = scan(text.encode())

    assert (statement.kind, statement.form) == (kind, form)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("select 1 format JSON", "JSON"),
        ("select 1 format `JSON`", "JSON"),
        ("select 1 format JSON;", "JSON"),
        ("select 1 format JSON settings a = 1, b = 'x'", "JSON"),
        ("select 1 settings a = 1 format JSON", "JSON"),
        ("select count(*) from t format JSON", "JSON"),
        ("select * from format JSON", None),
        ("select 1 as format from t", None),
        ("select format from t", None),
        ("select format('{}', 1) from t", None),
        ("select t.format x", None),
        ("select 'format JSON'", None),
        ("select (select 1 format JSON)", None),
        ("select 1 -- format JSON", None),
        ("show create table format", None),
        ("show tables format JSON", "JSON"),
    ],
)
def test_the_format_clause(text: str, name: str | None) -> None:
    clause = scan(text.encode()).format

    assert (clause and clause.name) == name


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (b"insert into t values (1)", b" (1)"),
        (b"insert into t format CSV\n1\n", b"1\n"),
        (b"insert into t format CSV \t\r\n\n1", b"\n1"),
        (b"insert into t format CSV 1;2", b"1;2"),
        (b"insert into t settings a=1 format CSV 1", b"1"),
        (b"insert into t format RawBLOB\n\xff\x00'", b"\xff\x00'"),
        (b"insert into t select * from input('a Int8') format CSV\n1", b"1"),
        (b"insert into t select 1 format CSV", None),
        (b"select 1 format CSV", None),
    ],
)
def test_where_the_data_begin(text: bytes, data: bytes | None) -> None:
    at = scan(text).data_at

    assert (None if at is None else text[at:]) == data


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("select 1; select 2", True),
        ("select 1;; ", True),
        ("select 1; -- end", False),
        ("select ';'", False),
        ("select $$;$$", False),
        ("insert into t values (';'); select 1", False),
        ("insert into t select 1; select 2", True),
    ],
)
def test_several_statements(text: str, several: bool) -> None:
    assert scan(text.encode()).several is several


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("select 1", "select 1 INTO OUTFILE 'f' APPEND"),
        ("select 1;", "select 1 INTO OUTFILE 'f' APPEND"),
        ("select 1 -- x", "select 1 INTO OUTFILE 'f' APPEND"),
        (
            "select 1 format CSV settings a=1",
            "select 1 INTO OUTFILE 'f' APPEND format CSV settings a=1",
        ),
        ("select 1 settings a=1", "select 1 settings a=1 INTO OUTFILE 'f' APPEND"),
    ],
)
def test_a_select_into_a_file(text: str, found: str) -> None:
    assert into_file(scan(text.encode()), "f").decode() == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "insert into t values (1)",
            "insert into t  FROM INFILE 'f' COMPRESSION 'none' FORMAT Values",
        ),
        (
            "insert into t format CSV\n1",
            "insert into t  FROM INFILE 'f' COMPRESSION 'none' format CSV",
        ),
        (
            "insert into t settings a=1 format CSV",
            "insert into t  FROM INFILE 'f' COMPRESSION 'none' settings a=1 format CSV",
        ),
        (
            "insert into t select a from input('a Int8') format CSV 1",
            "insert into t select a from file('f', 'CSV', 'a Int8', 'none') ",
        ),
    ],
)
def test_an_insert_from_a_file(text: str, found: str) -> None:
    assert with_file(scan(text.encode()), "f", "none").decode() == found


def test_tables_are_found_outside_strings_and_comments() -> None:
    text = (
        b"select 'system.processes' /* system.processes */ from `system` . \"processes\", system.x"
    )

    places = list(scan(text).mentions(b"system", b"processes"))

    assert splice(text, [(*place, b"X") for place in places]).endswith(b"from X, system.x")
