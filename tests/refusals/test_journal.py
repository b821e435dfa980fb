"""Half-way states: each is settled by the command that its refusal prints."""

import pytest

from tests.refusals.walk import edit, walks
from tests.safety.test_resolve import BREAKING, INSERT

pytestmark = pytest.mark.services

TABLE = "CREATE TABLE visits (n UInt64) ENGINE = MergeTree ORDER BY n"
DROP = 'op.drop_object("visits")'
DOUBT = (
    "journal/refusals.py: step {} of revision {} (`{}`) was sent, "
    "and the server does not know its outcome"
)
CHANGED = "journal/refusals.py: {} ({}) was sent as `{}`, digest {}, and is now `{}`, digest {}"
ROWS = "SELECT count() FROM visits"


def filled(site, *statements):
    """A revision that makes a table and sends these statements, which may be sent once only."""
    site.define("visits", TABLE)
    sent = "".join(f'\nop.run_sql("""{each}""", once=True)' for each in statements)
    return site.revise("clickhouse", "0001", f'op.create_object("visits", version=1){sent}', DROP)


@pytest.fixture
def doubtful(stores):
    """A part of an INSERT is written, and the server does not say that."""
    filled(stores, BREAKING)
    stores.run("analytics upgrade")
    return stores


@walks(DOUBT)
@pytest.mark.parametrize("key", [DOUBT])
@pytest.mark.parametrize("happened", [True, False])
def test_a_step_in_doubt(key, happened, doubtful, databases):
    said = doubtful.refused("analytics upgrade", "0001", "step 2")
    done, failed = said.commands
    databases.clickhouse("TRUNCATE TABLE visits")
    if happened:
        databases.clickhouse(INSERT)

    doubtful.passes(done if happened else failed)
    filled(doubtful, INSERT)

    doubtful.passes("analytics upgrade")
    assert databases.clickhouse(ROWS) == [["1000"]]


@walks("release/repair.py: no unfinished revision has a step {} of run {}")
def test_a_step_that_does_not_exist(doubtful, databases):
    said = doubtful.refused('analytics resolve 9 9 --done --reason "all there"', "step 9 of run 9")

    (line,) = [
        each for each in doubtful.passes(said.commands[0]).text.splitlines() if "step 2" in each
    ]

    doubtful.passes(f'analytics resolve {line.split()[2]} 2 --done --reason "all there"')
    there = databases.clickhouse(ROWS)
    doubtful.passes("analytics upgrade")
    assert databases.clickhouse(ROWS) == there


@walks("release/repair.py: run {} has left no revision unfinished")
def test_a_run_that_has_left_nothing(doubtful, databases):
    said = doubtful.refused('analytics resolve 9 --abandon --reason "as it is"', "run 9")
    doubtful.passes(said.commands[0])
    run = said.commands[0].split()[-1]

    doubtful.passes(f'analytics resolve {run} --abandon --reason "as it is"')

    databases.clickhouse("DROP TABLE visits")
    filled(doubtful, INSERT)
    doubtful.passes("analytics upgrade")


@pytest.fixture
def changed(stores):
    """The first INSERT is done, the second was refused, and the first has another text since."""
    file = filled(stores, INSERT)
    fails = 'op.execute("ALTER TABLE nowhere DROP COLUMN IF EXISTS n")'
    edit(file, "once=True)", f"once=True)\n    {fails}")
    stores.run("analytics upgrade")
    edit(file, fails, "pass")
    edit(file, "numbers(1000)", "numbers(2000)")
    return file


@walks(CHANGED)
@pytest.mark.parametrize("key", [CHANGED])
@pytest.mark.parametrize(
    ("way", "rows"), [("restore", "1000"), ("--failed", "2000"), ("--done", "1000")]
)
def test_a_step_that_was_sent_with_another_text(key, way, rows, changed, stores, databases):
    said = stores.refused("analytics upgrade", "numbers(1000)", "numbers(2000)", "0001")

    if way == "restore":
        edit(changed, "numbers(2000)", "numbers(1000)")
    else:
        stores.passes(next(each for each in said.commands if way in each))
    if way == "--failed":
        databases.clickhouse("TRUNCATE TABLE visits")

    stores.passes("analytics upgrade")
    assert databases.clickhouse(ROWS) == [[rows]]


GATE = (
    "INSERT INTO visits SELECT number FROM numbers(3) WHERE sleepEachRow(0.7) = 0 "
    "AND throwIf(number = 2 AND (SELECT count() FROM gate) = 0) = 0"
)


@walks("clickhouse/sending.py: no answer came from ClickHouse, and query {} is not done")
def test_an_answer_that_does_not_come(stores, databases, monkeypatch):
    monkeypatch.setenv("ANALYTICS_ANSWER_TIMEOUT", "1")
    databases.clickhouse("CREATE TABLE gate (n UInt8) ENGINE = MergeTree ORDER BY n")
    stores.define("visits", TABLE)
    step = f'op.create_object("visits", version=1)\nop.run_sql("{GATE}", reruns="of a test")'
    stores.revise("clickhouse", "0001", step, DROP)
    stores.refused("analytics upgrade", "run the same command again")

    databases.clickhouse("INSERT INTO gate VALUES (1)")

    stores.passes("analytics upgrade")
    assert databases.clickhouse(ROWS) == [["3"]]
    databases.clickhouse("DROP TABLE gate")
