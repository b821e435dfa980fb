"""A release whose statement orders a mutation ends when that is done, also after a crash."""

import time

import pytest

from tests.safety.project import CLICKHOUSE

pytestmark = pytest.mark.services

OLD = 'op.create_object("pages", version=1)'
UPDATE = 'op.execute("ALTER TABLE visits UPDATE page = {} WHERE 1 SETTINGS mutations_sync = 0")'
SLOW = UPDATE.format("1 + sleepEachRow(0.003)")
FAILING = UPDATE.format("throwIf(n = 7)")
UNDONE = "SELECT count() FROM system.mutations WHERE database = currentDatabase() AND NOT is_done"


@pytest.fixture
def with_statement(project):
    """The second revision, with a statement that orders a mutation."""
    file = project.folder / "migrations_ch" / "versions" / "0002_test.py"
    text = file.read_text()
    assert OLD in CLICKHOUSE["0002"][0]
    yield lambda statement: file.write_text(text.replace(OLD, statement))
    file.write_text(text)


def test_the_same_command_again_waits_for_a_mutation_that_is_under_way(
    with_statement, project, databases
):
    with_statement(SLOW)
    process = project.start("clickhouse", "upgrade")
    until(lambda: databases.clickhouse("EXISTS TABLE visits") == [["1"]])
    until(lambda: databases.clickhouse(UNDONE) == [["1"]])
    process.kill()
    process.communicate(timeout=60)

    assert databases.clickhouse(UNDONE) == [["1"]]
    assert project.run("clickhouse", "upgrade")[0] == 0
    assert databases.clickhouse(UNDONE) == [["0"]]
    assert databases.clickhouse(
        "SELECT count() FROM system.mutations WHERE table = 'visits'"
        " AND database = currentDatabase() AND command LIKE '%sleepEachRow%'"
    ) == [["1"]]


def test_a_mutation_that_cannot_succeed_stops_it_and_after_a_mend_it_goes_on(
    with_statement, project, databases
):
    with_statement(FAILING)

    code, said = project.run("clickhouse", "upgrade")

    assert code != 0
    assert "step 2 (`ALTER TABLE visits UPDATE page = throwIf" in said
    assert "AND table = 'visits' AND mutation_id = " in said
    databases.clickhouse("KILL MUTATION WHERE database = currentDatabase()")
    with_statement(OLD)
    assert project.run("clickhouse", "upgrade")[0] == 0


def until(true):
    """Wait for something that is bound to come."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")
