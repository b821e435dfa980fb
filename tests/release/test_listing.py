"""Releases and journals as lists: how each release stands, filters, a limit, and pruning."""

import json

import pytest

from tests.safety import project as projects

pytestmark = pytest.mark.services

ADD = 'op.execute("ALTER TABLE {} ADD COLUMN IF NOT EXISTS x UInt8")'
DROP = 'op.execute("ALTER TABLE visits DROP COLUMN IF EXISTS x")'


@pytest.fixture
def run(small):
    """A command of ours: its output."""

    def ran(*arguments):
        return projects.ended(small.start_release(*arguments))[1]

    return ran


@pytest.fixture
def failed(small, run):
    """A release that has failed in its only revision; as a function that corrects it."""

    def third(table):
        text = projects.REVISION.format(id="0003", below="0002", up=ADD.format(table), down=DROP)
        (small.folder / "migrations_ch" / "versions" / "0003_test.py").write_text(text)

    third("nowhere")
    run("upgrade")
    yield third
    third("visits")


def test_a_release_that_failed_says_why_and_is_the_one_to_undo(failed, run):
    first, second = [line for line in run("releases").splitlines() if "upgrade:" in line]

    assert "ended" in first and "takes it back" not in first
    assert "stopped (upgrade of revision 0003, step 1" in second
    assert second.endswith("<- `analytics downgrade` takes it back")


def test_a_release_that_went_on_has_ended(failed, run):
    failed("visits")
    run("upgrade")

    (newest,) = json.loads(run("releases", "--last", "1", "--json"))

    assert newest["state"].startswith("ended") and newest["is_undone_next"]
    assert newest["stopped"] == ""


def test_a_release_that_stopped_and_was_undone_was_given_up(failed, run):
    run("downgrade")

    first, second, third = json.loads(run("releases", "--json"))

    assert second["state"].startswith("given up (upgrade of revision 0003")
    assert third["state"].startswith("ended")
    assert first["is_undone_next"] and not second["is_undone_next"]


def test_the_journal_is_filtered_and_limited(failed, run):
    every = run("journal", "--json").splitlines()

    failures = list(map(json.loads, run("journal", "--failed", "--json").splitlines()))
    of_postgres = list(
        map(json.loads, run("journal", "--history", "postgres", "--json").splitlines())
    )

    assert {(line["revision"], line["state"]) for line in failures} == {("0003", "failed")}
    assert run("journal", "--last", "1", "--json").splitlines() == every[-1:]
    assert {line["history"] for line in of_postgres} == {"postgres"}
    assert len(of_postgres) < len(every)


def test_pruning_leaves_what_has_not_ended(failed, run):
    before = run("journal", "--json").splitlines()

    assert "clickhouse: 0 lines deleted" in run("journal", "--prune", "1")
    said = run("journal", "--prune", "0")

    left = [json.loads(line) for line in run("journal", "--json").splitlines()]
    assert {(line["history"], line["revision"]) for line in left} == {("clickhouse", "0003")}
    assert sum(int(line.split()[1]) for line in said.splitlines() if "deleted" in line) == (
        len(before) - len(left)
    )
    failed("visits")
    assert "release 2" in run("upgrade")
