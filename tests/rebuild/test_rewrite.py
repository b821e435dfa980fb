"""Replacing tables in statements of the server's, and taking engines and parts apart."""

from analytics.rebuild import chunks, engines, names, rewrite
from analytics.rebuild.chunks import Part
from analytics.rebuild.objects import Object


def table(engine_full):
    """A table with that engine clause."""
    return Object("t", "", engine_full.split("(")[0].split()[0], engine_full, "", "", "")


def test_a_table_is_replaced_and_a_column_of_its_name_is_not():
    text = "SELECT events, d.events.x FROM d.events WHERE 'd.events' != events"

    found = rewrite.renamed(text, "d", {"events": "other"})

    assert found == "SELECT events, `d`.`other`.x FROM `d`.`other` WHERE 'd.events' != events"


def test_a_subquery_keeps_the_name_of_its_table():
    select = "SELECT e.x, t.y FROM d.t AS e, d.t WHERE x IN (d.t)"

    found = rewrite.fed(select, "d", {"t": "SELECT 1"})

    assert found == (
        "SELECT e.x, t.y FROM (SELECT 1) AS e, (SELECT 1) AS `t` WHERE x IN ((SELECT 1))"
    )


def test_quoted_names_are_found():
    assert rewrite.renamed("FROM `d`.`t`", "d", {"t": "u"}) == "FROM `d`.`u`"


def test_a_table_that_keeps_every_row_has_no_engine_of_its_own_and_no_ttl():
    found = table(
        "ReplacingMergeTree(version, gone) PARTITION BY toYYYYMM(at) PRIMARY KEY a "
        "ORDER BY (a, b) TTL at + toIntervalDay(30) SETTINGS index_granularity = 64"
    )

    assert engines.without_merging(found) == (
        "ENGINE = MergeTree PARTITION BY toYYYYMM(at) PRIMARY KEY a ORDER BY (a, b) "
        "SETTINGS index_granularity = 64"
    )
    assert engines.arguments(found) == ["version", "gone"]
    assert engines.has_ttl(found)


def test_pieces_hold_each_row_once():
    parts = [
        Part("a", "1", 10, 10),
        Part("b", "1", 10, 10),
        Part("c", "2", 5, 10),
        Part("d", "2", 1000, 1000),
    ]

    found = list(chunks._pieces(parts, 100))

    assert found[0] == ("_part IN ('a', 'b')", 20)
    assert ("_part IN ('c')", 5) in found
    assert ("_part = 'd' AND _part_offset >= 900 AND _part_offset < 1000", 100) in found
    assert sum(rows for _, rows in found) == 1025


def test_names_of_a_rebuild_are_those_of_its_chain():
    assert names.is_chunk(names.chunk("hourly", 12), {"hourly"})
    assert not names.is_chunk("hourly__chunk_notes", {"hourly"})
    assert not names.is_chunk("daily__chunk_1", {"hourly"})
    made = names.made(["hourly"], ["hourly_mv"], ["events"])
    assert made["hourly__shape"] == "TABLE"
    assert made["hourly_mv__probe"] == made["events__since_mv"] == "VIEW"
    assert names.is_batch(names.batch("events", 3), {"events"})
    assert not names.is_batch("events__since_mv", {"events"})
    assert "hourly__prev" not in made
