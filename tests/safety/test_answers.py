"""An answer of ClickHouse's that comes late, or never: the server is asked instead."""

import pytest

from tests.safety.project import CLICKHOUSE

pytestmark = pytest.mark.services

INSERT = "INSERT INTO visits SELECT number FROM numbers(1000)"
SLOW = "INSERT INTO visits SELECT number + sleepEachRow(0.003) FROM numbers(1000)"
IMPATIENT = {"ANALYTICS_ANSWER_TIMEOUT": "1"}


def test_a_statement_may_take_longer_than_its_answer_is_waited_for(project, databases):
    file = project.folder / "migrations_ch" / "versions" / "0001_test.py"
    file.write_text((text := file.read_text()).replace(INSERT, SLOW))
    assert INSERT in CLICKHOUSE["0001"][0]

    code, said = project.run("clickhouse", "upgrade", **IMPATIENT)

    assert code == 0, said
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]
    file.write_text(text)


def test_a_statement_whose_answer_is_lost_counts_as_done_when_the_server_says_so(
    project, proxied, databases
):
    proxy, through = proxied
    proxy.arm(rb"(?:\A|\r\n\r\n)INSERT INTO visits", "never", lambda: None)

    code, said = project.run("clickhouse", "upgrade", **through, **IMPATIENT)

    assert proxy.seen == 1  # it was there, and its answer was swallowed
    assert code == 0, said
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]


def test_a_statement_that_got_lost_itself_is_in_doubt_and_runs_with_the_next_command(
    project, proxied, databases
):
    proxy, through = proxied
    create = b"CREATE TABLE visits"
    proxy.arm(create, "lost", lambda: None)

    code, said = project.run("clickhouse", "upgrade", **through, **IMPATIENT)

    assert code != 0
    assert "no answer came from ClickHouse" in said
    assert project.run("clickhouse", "upgrade", **through)[0] == 0
    assert databases.clickhouse("SELECT count() FROM visits") == [["1000"]]
