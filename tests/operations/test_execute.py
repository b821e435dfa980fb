"""Plain `op.execute`: what is written is what is sent, and what a script says."""

import psycopg
import pytest

TEXTS = {
    "percent": ("50% off", "INSERT INTO t VALUES ('50% off')"),
    "colon": ('{"at": "10:30", "a":1}', """INSERT INTO t VALUES ('{"at": "10:30", "a":1}')"""),
    "escaped colon": (":x", "INSERT INTO t VALUES ('\\\\:x')"),
    "comment": ("a", "INSERT INTO t VALUES ('a') -- a note"),
    "dollars": ("a:b; c", "INSERT INTO t VALUES ($$a:b; c$$) /* ; */"),
}


@pytest.fixture
def run(revise):
    """A history of one statement."""
    return lambda statement: revise("postgres", f"op.execute({statement!r})")


@pytest.mark.services
@pytest.mark.parametrize(("value", "statement"), TEXTS.values(), ids=TEXTS)
def test_a_statement_is_sent_as_it_is_written(value, statement, run, databases):
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE t (x text)")

        outcome = run(statement.replace("\\\\", "\\"))("upgrade", "head")

        assert outcome.code == 0, outcome.err
        assert connection.execute("SELECT x FROM t").fetchall() == [(value,)]


@pytest.mark.services
@pytest.mark.parametrize(("value", "statement"), TEXTS.values(), ids=TEXTS)
def test_a_script_does_what_the_statement_does(value, statement, run, databases):
    script = run(statement.replace("\\\\", "\\"))("upgrade", "head", "--sql").out

    with psycopg.connect(databases.postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (x text)")
        connection.execute(script.encode())
        assert connection.execute("SELECT x FROM t").fetchall() == [(value,)]


@pytest.mark.services
def test_a_replica_identity_goes_up_and_down_and_one_that_cannot_be_changes_nothing(
    revise, databases
):
    def change(identity):
        return f'op.execute("ALTER TABLE t REPLICA IDENTITY {identity}")'

    with databases.postgres() as connection:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, code int NOT NULL, other int)")
        connection.execute("CREATE UNIQUE INDEX by_code ON t (code)")
        connection.execute("CREATE INDEX by_other ON t (other)")

        def identity():
            query = "SELECT relreplident FROM pg_class WHERE relname = 't'"
            return connection.execute(query).fetchone()

        for wanted, letter in (("FULL", "f"), ("NOTHING", "n"), ("USING INDEX by_code", "i")):
            run = revise("postgres", change(wanted), change("DEFAULT"))
            assert run("upgrade", "head").code == 0
            assert identity() == (letter,)
            assert run("downgrade", "base").code == 0
            assert identity() == ("d",)

        both = f"{change('FULL')}\n{change('USING INDEX by_other')}"
        outcome = revise("postgres", both)("upgrade", "head")
        assert 'cannot use non-unique index "by_other" as replica identity' in outcome.err
        assert identity() == ("d",)


def test_a_comment_at_the_end_of_a_statement_does_not_hide_its_end(revise, nowhere):
    run = revise("clickhouse", 'op.execute("DROP TABLE IF EXISTS t -- a note\\n# another")')

    assert "DROP TABLE IF EXISTS t; -- a note\n# another" in run("upgrade", "head", "--sql").out
