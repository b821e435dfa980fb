"""op.run_sql, and the refusals that send authors to it."""

import pytest

CREATE = 'op.execute("CREATE TABLE IF NOT EXISTS t (x UInt8) ENGINE = MergeTree ORDER BY x")'
DROP = 'op.execute("DROP TABLE IF EXISTS t")'


@pytest.mark.services
def test_a_statement_with_a_reason_is_sent(revise, databases):
    insert = 'op.run_sql("INSERT INTO t VALUES (1)", reruns="rows may be there twice")'
    run = revise("clickhouse", f"{CREATE}\n{insert}", DROP)

    assert run("upgrade", "head").code == 0
    assert databases.clickhouse("SELECT x FROM t") == [["1"]]
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_a_plain_statement_that_may_not_run_twice_is_refused_before_any_other(revise, databases):
    outcome = revise("clickhouse", f'{CREATE}\nop.execute("INSERT INTO t VALUES (1)")')(
        "upgrade", "head"
    )

    assert outcome.code != 0
    assert "revision 0001, step 2" in outcome.err
    assert "op.run_sql(" in outcome.err
    assert databases.clickhouse("EXISTS TABLE t") == [["0"]]


@pytest.mark.services
def test_a_failed_statement_can_be_fixed_and_the_same_command_goes_on(revise, databases):
    broken = 'op.execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS y NoSuchType")'
    outcome = revise("clickhouse", f"{CREATE}\n{broken}", DROP)("upgrade", "head")
    assert "NoSuchType" in outcome.err

    run = revise("clickhouse", f"{CREATE}\n{broken}".replace("NoSuchType", "UInt8"), DROP)

    assert run("upgrade", "head").code == 0
    assert databases.clickhouse("SELECT count() FROM system.columns WHERE table = 't'")[0] != ["0"]
    run("downgrade", "base")


@pytest.mark.services
def test_a_step_that_was_done_and_reads_otherwise_is_refused_with_ways_out(revise, databases):
    broken = 'op.execute("ALTER TABLE t ADD COLUMN IF NOT EXISTS y NoSuchType")'
    revise("clickhouse", f"{CREATE}\n{broken}", DROP)("upgrade", "head")

    changed = CREATE.replace("UInt8", "UInt16")
    run = revise("clickhouse", f"{changed}\n{broken}", DROP)
    outcome = run("upgrade", "head")

    assert outcome.code != 0
    assert "restore the previous text" in outcome.err
    assert "analytics resolve" in outcome.err
    run("downgrade", "base")


@pytest.mark.parametrize("words", ["", ', reruns="why", once=True'])
def test_one_of_the_two_words_is_needed(revise, nowhere, words):
    outcome = revise("clickhouse", f'op.run_sql("SELECT 1"{words})')("upgrade", "head", "--sql")

    assert outcome.code != 0
    assert "needs one of two words" in outcome.err


def test_the_script_says_why_it_may_run_again(revise, nowhere):
    outcome = revise("clickhouse", 'op.run_sql("SELECT 1", reruns="it reads only")')(
        "upgrade", "head", "--sql"
    )

    assert outcome.code == 0
    assert "-- may be run again: it reads only\nSELECT 1;" in outcome.out
