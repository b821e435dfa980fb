"""op.allow_loss: a word of the author's about the steps after it."""

import pytest

from tests.operations.chain import OBJECTS

TABLE = "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"
UP = 'op.create_object("t", version=1)'
DOWN = 'op.allow_loss("t", "counted\\nelsewhere")\nop.drop_object("t")'


def test_the_script_has_the_reason_as_a_comment(revise, nowhere):
    run = revise("clickhouse", UP, DOWN, objects__t_v01_sql=TABLE)

    script = run("downgrade", "0001:base", "--sql").out

    assert "-- what t holds may be lost: counted elsewhere\n" in script


def test_a_reason_is_needed(revise, nowhere):
    run = revise("clickhouse", 'op.allow_loss("t", " ")')

    assert "op.allow_loss() needs a reason" in run("upgrade", "head", "--sql").err


@pytest.mark.services
def test_it_is_no_step(revise, databases):
    run = revise("clickhouse", UP, DOWN, objects__t_v01_sql=TABLE)

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0

    kinds = databases.clickhouse("SELECT DISTINCT kind FROM test_version_journal ORDER BY kind")
    assert kinds == [[""], ["create_object"], ["drop_object"]]


@pytest.mark.services
def test_a_rebuild_may_lose_what_its_revision_allows(revise, databases, chain):
    chain.clickhouse("INSERT INTO pages SELECT 'imported', 7")
    rebuild = 'op.rebuild_view("pages_mv", version=2, also={"pages": 2})'
    said = revise("clickhouse", rebuild, **OBJECTS)("upgrade", "head").err
    assert "no source makes again pages: imported" in said
    assert "-x allow_data_loss=pages" in said
    allowed = f'op.allow_loss("pages", "nobody reads it")\n{rebuild}'

    assert revise("clickhouse", allowed, **OBJECTS)("upgrade", "head").code == 0
    assert chain.clickhouse("SELECT count() FROM pages WHERE page = 'imported'") == [["0"]]
    assert chain.clickhouse("SELECT count() FROM pages__prev WHERE page = 'imported'") == [["1"]]


@pytest.mark.services
def test_plain_alembic_is_told_by_x_what_may_be_lost(revise, databases, chain):
    chain.clickhouse("INSERT INTO pages SELECT 'imported', 7")
    rebuild = 'op.rebuild_view("pages_mv", version=2, also={"pages": 2})'
    run = revise("clickhouse", rebuild, **OBJECTS)
    assert run("-x", "allow_data_loss=visits", "upgrade", "head").code != 0

    assert run("-x", "allow_data_loss=visits,pages", "upgrade", "head").code == 0
