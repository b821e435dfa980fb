"""op.replay, in revisions."""

import pytest

from tests.operations.chain import OBJECTS

UP = 'op.replay(from_table="visits", into="pages")'


@pytest.mark.services
def test_a_replay_computes_a_table_again(revise, chain):
    chain.clickhouse("TRUNCATE TABLE pages")
    run = revise("clickhouse", UP, **OBJECTS)

    assert run("upgrade", "head").code == 0

    assert chain.clickhouse("SELECT sum(visits) FROM pages") == [["100"]]
    run("downgrade", "base")


def test_the_script_names_the_one_that_has_the_steps(revise, nowhere):
    script = revise("clickhouse", UP, **OBJECTS)("upgrade", "head", "--sql").out

    assert '-- op.replay("visits", into="pages"): as op.rebuild_view of the view' in script
