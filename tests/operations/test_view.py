"""op.rebuild_view, op.change_view and op.forget_previous, in revisions."""

import pytest

from tests.operations.chain import OBJECTS

REBUILD = 'op.rebuild_view("pages_mv", version={0}, also={{"pages": {0}}})'


@pytest.mark.services
def test_a_view_is_rebuilt_with_its_history_and_put_back(revise, chain):
    run = revise("clickhouse", REBUILD.format(2), REBUILD.format(1), **OBJECTS)

    for _ in range(2):
        assert run("upgrade", "head").code == 0
        assert chain.clickhouse("SELECT sum(visits), sum(bots) FROM pages") == [["100", "25"]]
        assert run("downgrade", "base").code == 0
        assert chain.clickhouse("SELECT sum(visits) FROM pages") == [["100"]]


@pytest.mark.services
def test_a_refusal_names_revision_step_and_remedy(revise, chain):
    run = revise("clickhouse", 'op.rebuild_view("pages_mv", version=2)', **OBJECTS)

    outcome = run("upgrade", "head")

    assert outcome.code != 0
    assert "pages_mv selects bots, and pages has no such column" in outcome.err
    assert 'also={"pages": ...}' in outcome.err
    assert "step 1" in outcome.err


@pytest.mark.services
def test_a_changed_view_leaves_history_alone(revise, chain):
    up, down = (f'op.change_view("pages_mv", version={n})' for n in (3, 1))
    run = revise("clickhouse", up, down, **OBJECTS)

    assert run("upgrade", "head").code == 0
    chain.clickhouse("INSERT INTO visits VALUES ('home', true), ('home', false)")

    assert chain.clickhouse("SELECT sum(visits) FROM pages") == [["101"]]
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_the_previous_version_is_forgotten(revise, chain):
    up = f'{REBUILD.format(2)}\nop.forget_previous("pages_mv")'
    run = revise("clickhouse", up, REBUILD.format(1), **OBJECTS)

    assert run("upgrade", "head").code == 0

    kept = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%prev'"
    assert chain.clickhouse(kept) == []
    assert run("downgrade", "base").code == 0
    assert chain.clickhouse("SELECT sum(visits) FROM pages") == [["100"]]


def test_the_script_has_every_step(revise, nowhere):
    run = revise("clickhouse", REBUILD.format(2), REBUILD.format(1), **OBJECTS)

    script = run("upgrade", "head", "--sql").out

    for part in (
        "CREATE TABLE pages__live (page String, visits UInt64, bots UInt64)",
        "DETACH TABLE <valve>;",
        "ALTER TABLE visits__snapshot ATTACH PARTITION ALL FROM visits;",
        "FROM visits__snapshot AS visits GROUP BY page",
        "EXCHANGE TABLES pages AND pages__new;",
    ):
        assert part in script


def test_the_other_operations_have_a_script_too(revise, nowhere):
    up = 'op.change_view("pages_mv", version=3)\nop.forget_previous("pages_mv")'
    script = revise("clickhouse", up, **OBJECTS)("upgrade", "head", "--sql").out

    assert "ALTER TABLE pages_mv MODIFY QUERY\nSELECT page, countIf(NOT bot)" in script
    assert "endsWith(name, '__prev')" in script
