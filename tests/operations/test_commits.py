"""Revisions of PostgreSQL that commit before their end: the same command goes on, or goes back."""

import pytest

pytestmark = pytest.mark.services

UP = """\
op.execute("CREATE TABLE other (id integer PRIMARY KEY)")
op.run_sql("INSERT INTO people VALUES (9, 'nine')", once=True)
op.execute("ALTER TABLE people ADD COLUMN age integer")
with op.get_context().autocommit_block():
    op.create_index("names", "people", ["name"], unique=True, postgresql_concurrently=True)
op.execute("CREATE TABLE last (id integer PRIMARY KEY)")
{after}"""
DOWN = """\
op.execute("DROP TABLE IF EXISTS last")
with op.get_context().autocommit_block():
    op.execute("DROP INDEX CONCURRENTLY IF EXISTS names")
op.execute("ALTER TABLE people DROP COLUMN age")
op.execute("DELETE FROM people WHERE id = 9")
op.execute("DROP TABLE other")
"""
COLUMNS = """
SELECT table_name, count(*)
FROM information_schema.columns
WHERE table_name IN ('people', 'other', 'last')
GROUP BY table_name"""


@pytest.fixture
def people(databases):
    """A table whose names are not unique, so that the index cannot be built."""
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE people (id integer, name text)")
        connection.execute("INSERT INTO people VALUES (1, 'a'), (2, 'a')")
        yield connection
        connection.execute("DROP TABLE people")


def there(connection):
    return dict(connection.execute(COLUMNS).fetchall())


def test_what_a_block_has_committed_is_not_sent_again(revise, people):
    run = revise("postgres", UP.format(after=""), DOWN)
    assert "could not create unique index" in run("upgrade", "head").err
    assert there(people) == {"people": 3, "other": 1}
    people.execute("DELETE FROM people WHERE id = 2")

    assert run("upgrade", "head").code == 0

    assert there(people) == {"people": 3, "other": 1, "last": 1}
    assert people.execute("SELECT count(*) FROM people WHERE id = 9").fetchone() == (1,)
    assert run("downgrade", "base").code == 0
    assert there(people) == {"people": 2}


def test_what_a_block_has_committed_is_taken_back_by_the_other_command(revise, people):
    run = revise("postgres", UP.format(after=""), DOWN)
    assert run("upgrade", "head").code != 0

    assert run("downgrade", "base").code == 0

    assert there(people) == {"people": 2}
    assert people.execute("SELECT count(*) FROM people").fetchone() == (2,)


def test_what_follows_the_block_is_rolled_back_and_sent_again(revise, people):
    people.execute("DELETE FROM people WHERE id = 2")
    failing = 'op.execute("SELECT 1 / (SELECT count(*) FROM people WHERE id = 3)")'
    run = revise("postgres", UP.format(after=failing), DOWN)
    assert "division by zero" in run("upgrade", "head").err
    assert there(people) == {"people": 3, "other": 1}
    people.execute("INSERT INTO people VALUES (3, 'c')")

    assert run("upgrade", "head").code == 0

    assert there(people) == {"people": 3, "other": 1, "last": 1}
    people.execute("DELETE FROM people WHERE id = 3")
    assert run("downgrade", "base").code == 0


def test_a_statement_that_was_committed_and_then_edited_is_refused(revise, people):
    assert revise("postgres", UP.format(after=""), DOWN)("upgrade", "head").code != 0
    edited = UP.format(after="").replace("TABLE other", "TABLE another")

    assert (
        "was sent as `CREATE TABLE other" in revise("postgres", edited, DOWN)("upgrade", "head").err
    )

    assert revise("postgres", UP.format(after=""), DOWN)("downgrade", "base").code == 0


def test_what_stands_before_a_slot_is_committed_once(revise, databases):
    up = 'op.execute("CREATE TABLE t (id integer PRIMARY KEY)")\n{}'
    slot = 'op.create_replication_slot("${slot}")'
    down = 'op.drop_replication_slot("${slot}")\nop.execute("DROP TABLE IF EXISTS t")'
    assert revise("postgres", up.format("op.create_replication_slot('A-b')"), down)(
        "upgrade", "head"
    ).code

    run = revise("postgres", up.format(slot), down)
    assert run("downgrade", "base").code == 0
    assert run("upgrade", "head").code == 0
    with databases.postgres() as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 't'").fetchone()
    assert run("downgrade", "base").code == 0
