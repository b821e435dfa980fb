"""The lexer's reading of a definition, compared with the engine's own parser."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.clickhouse import definition, statements
from analytics.sql.tokens import tokens
from tests.local.embedded.serving import Serving

pytestmark = pytest.mark.slow  # every example asks the engine

BLANKS = st.sampled_from(
    [
        " ",
        "\n",
        "\t \r\n",
        " /* AS ; ENGINE = Null */ ",
        " -- AS ; TO u\n",
        " # ; AS\n",
        " #! AS (\n",
        "\u00a0",
        "\u3000",
    ]
)
DEFINITIONS = [
    "CREATE TABLE t ( a Int8 DEFAULT 1 , `b;c` String ) ENGINE = MergeTree ORDER BY a",
    "CREATE TABLE t ( a Tuple ( x Int8 , y String ) ) ENGINE MergeTree PRIMARY KEY a . x",
    "CREATE VIEW v AS SELECT a AS `AS` , 'AS ; ''x' AS c FROM t",
    "CREATE VIEW v ( a Int8 ) AS WITH ( SELECT 1 AS one ) AS x SELECT x AS a",
    'CREATE MATERIALIZED VIEW v TO `t` AS SELECT $$ ; AS $$ AS a , "TO" FROM u',
    "CREATE MATERIALIZED VIEW v ENGINE = Memory AS SELECT 1 AS a",
    "CREATE DICTIONARY d ( a UInt64 ) PRIMARY KEY a SOURCE ( NULL ( ) ) LAYOUT ( FLAT ( ) )"
    " LIFETIME ( 0 )",
    "CREATE FUNCTION f AS ( x , y ) -> concat ( x , ' # ' , y )",
    "CREATE NAMED COLLECTION c AS a = '--' , b = 1",
]


def spread(text: str, data: st.DataObject) -> str:
    """The same text with other blanks where it has some."""
    row = list(tokens(text.encode()))
    gaps = [left.end < right.start for left, right in pairwise(row)]
    pieces = [
        each.text.decode() + data.draw(BLANKS) * gap
        for each, gap in zip(row, [*gaps, True], strict=True)
    ]
    return data.draw(BLANKS) + "".join(pieces)


def formatted(server: Serving, text: str) -> str:
    """The statement as the engine's parser reads it."""
    return server.sql("SELECT formatQuerySingleLine({text:String})", param_text=escaped(text))


def escaped(text: str) -> str:
    """A value of a query parameter."""
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r")
    return text.replace("\n", "\\n")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(DEFINITIONS), data=st.data())
def test_a_definition_is_read_as_the_engine_reads_it(
    server: Serving, text: str, data: st.DataObject
) -> None:
    written = spread(text, data)

    made = definition.parse("x", written + ";" + data.draw(BLANKS))

    plain = definition.parse("x", text)
    assert (made.kind, made.name, made.engine, made.stores_rows) == (
        plain.kind,
        plain.name,
        plain.engine,
        plain.stores_rows,
    )
    assert formatted(server, made.text) == formatted(server, text)
    assert formatted(server, made.named("other").text) == formatted(
        server, plain.named("other").text
    )
    if "VIEW" in made.kind:
        assert made.target == plain.target
        assert formatted(server, made.select) == formatted(server, plain.select)
        assert formatted(server, made.create("a v01 0123456789ab"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.sampled_from(DEFINITIONS), min_size=1, max_size=4), data=st.data())
def test_statements_are_split_where_the_engine_ends_them(
    server: Serving, texts: list[str], data: st.DataObject
) -> None:
    script = ";".join(spread(text, data) for text in texts)

    split = [
        script.encode()[s.tokens[0].start : s.tokens[-1].end] for s in statements.statements(script)
    ]
    assert [formatted(server, each.decode()) for each in split] == [
        formatted(server, text) for text in texts
    ]
