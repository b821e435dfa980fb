"""`analytics resolve`: a step that may be sent once only, and of which a part has happened."""

import pytest
from click.testing import CliRunner

from analytics.cli import analytics
from tests.safety.project import CLICKHOUSE

pytestmark = pytest.mark.services

INSERT = "INSERT INTO visits SELECT number FROM numbers(1000)"
BREAKING = (
    "INSERT INTO visits SELECT number + throwIf(number = 900) FROM numbers(1000) "
    "SETTINGS max_block_size = 100, max_insert_block_size = 100, min_insert_block_size_rows = 100, "
    "min_insert_block_size_bytes = 0"
)


@pytest.fixture
def broken(project):
    """A release that has written a part of an INSERT; its file reads as it should by now."""
    file = project.folder / "migrations_ch" / "versions" / "0001_test.py"
    file.write_text((text := file.read_text()).replace(INSERT, BREAKING))
    assert INSERT in CLICKHOUSE["0001"][0]
    assert project.run("clickhouse", "upgrade")[0] != 0
    yield project
    file.write_text(text)


def command(*arguments):
    """A command of ours: exit code, output and error."""
    result = CliRunner().invoke(analytics, arguments)
    return result.exit_code, result.output, result.exception


def run_in_doubt():
    """The run of the only step that has no end."""
    _, output, _ = command("journal")
    (line,) = [each for each in output.splitlines() if "step 2" in each]
    return line.split()[2]


def test_a_part_of_an_insert_is_not_sent_again_unasked(broken, databases):
    there = databases.clickhouse("SELECT count() FROM visits")

    code, said = broken.run("clickhouse", "upgrade")

    assert code != 0
    assert "the server does not know its outcome" in said
    assert databases.clickhouse("SELECT count() FROM visits") == there
    assert there not in ([["0"]], [["1000"]])


def test_a_step_that_counts_as_done_is_left_out(broken, databases):
    there = databases.clickhouse("SELECT count() FROM visits")

    code, output, _ = command("resolve", run_in_doubt(), "2", "--done", "--reason", "enough rows")

    assert (code, "counts as done" in output) == (0, True)
    assert broken.run("clickhouse", "upgrade")[0] == 0
    assert databases.clickhouse("SELECT count() FROM visits") == there
    assert "resolved: enough rows" in command("journal")[1]


def test_a_step_that_counts_as_failed_is_sent_as_it_reads_by_now(broken, databases):
    databases.clickhouse("TRUNCATE TABLE visits")
    file = broken.folder / "migrations_ch" / "versions" / "0001_test.py"

    command("resolve", run_in_doubt(), "2", "--failed", "--reason", "truncated")
    file.write_text(file.read_text().replace(BREAKING, INSERT))

    assert broken.run("clickhouse", "upgrade")[0] == 0
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]


def test_a_stamp_is_a_person_s_word_on_a_half(broken, alembic, databases):
    there = databases.clickhouse("SELECT count() FROM visits")
    ini = str(broken.folder / "alembic.ini")

    assert alembic("-c", ini, "-n", "clickhouse", "stamp", "0001").code == 0

    assert databases.clickhouse("SELECT count() FROM visits") == there
    assert broken.run("clickhouse", "upgrade")[0] == 0


def test_a_step_that_is_not_under_way_is_named(project):
    code, _, error = command("resolve", "no-such-run", "1", "--done", "--reason", "why")

    assert code != 0
    assert "no unfinished revision has a step 1 of run no-such-run" in str(error)
