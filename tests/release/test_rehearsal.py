"""`analytics plan --check`: what cannot run, or cannot be taken back, is known before."""

import pytest

from tests.safety import project as projects

pytestmark = pytest.mark.services

ADD = 'op.execute("ALTER TABLE visits ADD COLUMN IF NOT EXISTS {} UInt8")'
DROP = 'op.execute("ALTER TABLE visits DROP COLUMN IF EXISTS {}")'


def third(small, up, down):
    """A revision of ClickHouse that is still to run."""
    text = projects.REVISION.format(id="0003", below="0002", up=up, down=down)
    (small.folder / "migrations_ch" / "versions" / "0003_test.py").write_text(text)


def checked(small):
    return projects.ended(small.start_release("plan", "--check"))


def test_a_release_that_runs_both_ways_passes_and_touches_nothing(small, databases):
    third(small, ADD.format("x"), DROP.format("x"))
    databases.clickhouse("ALTER TABLE visits ADD COLUMN by_hand UInt8")
    before = databases.clickhouse("SELECT name FROM system.columns WHERE table = 'visits'")

    code, said = checked(small)

    assert code == 0, said
    assert "check: it runs, its way back runs, and it runs again" in said
    assert "check: table clickhouse.visits has changed by other means than a revision" in said
    assert databases.clickhouse("SELECT name FROM system.columns WHERE table = 'visits'") == before


@pytest.mark.parametrize(
    ("up", "down", "reason"),
    [
        (
            ADD.format("x").replace("visits", "nowhere"),
            DROP.format("x"),
            "this release cannot run: upgrade of revision 0003, step 1",
        ),
        (
            ADD.format("x"),
            DROP.format("x").replace("visits", "nowhere"),
            "its way back cannot run: downgrade of revision 0003, step 1",
        ),
        (ADD.format("x"), DROP.format("y"), "leaves other tables: table clickhouse.visits"),
    ],
)
def test_what_cannot_run_is_named(small, up, down, reason):
    third(small, up, down)

    code, said = checked(small)

    assert code == 1
    assert reason in said.splitlines()[-1]


def test_a_store_that_is_half_way_is_settled_first(small):
    third(small, ADD.format("x") + "\n    " + ADD.format("y").replace("visits", "no"), "pass")
    assert projects.ended(small.start_release("upgrade"))[0] == 1

    code, said = checked(small)

    third(small, ADD.format("x"), DROP.format("x"))
    assert code == 1
    assert "clickhouse is half-way in upgrade of 0003" in said
    assert projects.ended(small.start_release("upgrade"))[0] == 0
