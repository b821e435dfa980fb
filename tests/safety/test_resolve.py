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


def test_a_half_that_is_abandoned_stays_as_it_is(broken, databases, monkeypatch):
    monkeypatch.chdir(broken.folder)
    there = databases.clickhouse("SELECT count() FROM visits")
    run = run_in_doubt()

    assert command("resolve", run, "2", "--abandon", "--reason", "both")[0] == 2
    code, output, _ = command("resolve", run, "--abandon", "--reason", "rows counted by hand")

    assert (code, output) == (0, "upgrade of revision 0001 is left as it is\n")
    assert databases.clickhouse("SELECT count() FROM visits") == there
    assert "abandoned: rows counted by hand" in command("journal")[1]
    assert command("resolve", run, "--abandon", "--reason", "again")[2] is not None
    assert command("stamp", "clickhouse@0001")[0] == 0
    assert broken.run("clickhouse", "upgrade")[0] == 0  # from 0001 on


@pytest.mark.parametrize("store", ["postgres", "clickhouse"])
def test_a_store_at_a_revision_without_a_file_is_stamped(store, project, monkeypatch):
    monkeypatch.chdir(project.folder)
    assert command("stamp", f"{store}@0001")[0] == 0
    folder = project.folder / ("migrations" if store == "postgres" else "migrations_ch")
    first, second = (folder / "versions" / f"{n}_test.py" for n in ("0001", "0002"))
    kept = {file: file.read_text() for file in (first, second)}
    first.unlink()
    second.write_text(kept[second].replace("down_revision = '0001'", "down_revision = None"))
    assert "0001" in str(command("upgrade")[2])

    assert command("stamp", f"{store}@0002")[0] == 0
    assert f"{store:<11}" in command("status")[1]
    assert command("stamp", f"{store}@base")[0] == 0

    for file, text in kept.items():
        file.write_text(text)
