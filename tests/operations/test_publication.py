"""op.create_publication, op.alter_publication and op.drop_publication."""

import pytest

UP = 'op.create_publication("${publication}", tables=["public.a", "public.b"], publish="insert")'
DOWN = 'op.drop_publication("${publication}")'


@pytest.mark.services
def test_a_publication_comes_and_goes(revise, databases):
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int); CREATE TABLE b (x int)")
        published = "SELECT tablename FROM pg_publication_tables ORDER BY 1"
        run = revise("postgres", UP, DOWN)

        assert run("upgrade", "head").code == 0
        assert connection.execute(published).fetchall() == [("a",), ("b",)]

        assert run("downgrade", "base").code == 0
        assert connection.execute(published).fetchall() == []


@pytest.mark.services
def test_a_table_joins_another_leaves_and_both_go_back(revise, databases):
    up = 'op.alter_publication("pub", add=["public.b"], remove=["public.a"])'
    down = 'op.alter_publication("pub", add=["public.a"], remove=["public.b"])'
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int); CREATE TABLE b (x int)")
        connection.execute("CREATE PUBLICATION pub FOR TABLE a")
        published = "SELECT tablename FROM pg_publication_tables ORDER BY 1"
        run = revise("postgres", up, down)

        assert run("upgrade", "head").code == 0
        assert connection.execute(published).fetchall() == [("b",)]

        assert run("downgrade", "base").code == 0
        assert connection.execute(published).fetchall() == [("a",)]


def test_an_alteration_names_tables(revise, nowhere):
    said = revise("postgres", 'op.alter_publication("pub")')("upgrade", "head", "--sql").err

    assert "op.alter_publication(): name tables to add or to remove" in said


@pytest.mark.services
def test_a_table_that_is_missing_rolls_the_revision_back(revise, databases):
    outcome = revise("postgres", UP, DOWN)("upgrade", "head")

    assert outcome.code != 0
    assert 'relation "public.a" does not exist' in outcome.err
    with databases.postgres() as connection:  # the version table was part of the transaction
        assert connection.execute("SELECT to_regclass('test_version')").fetchone() == (None,)


def test_the_script_holds_the_statements(revise, nowhere):
    run = revise("postgres", UP, DOWN)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert (
        "CREATE PUBLICATION shop_pub\nFOR TABLE public.a, public.b\nWITH (publish = 'insert');"
        in up.out
    )
    assert "DROP PUBLICATION IF EXISTS shop_pub;" in down.out
