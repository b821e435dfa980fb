"""op.create_replication_slot and op.drop_replication_slot."""

import pytest

UP, DOWN = 'op.create_replication_slot("${slot}")', 'op.drop_replication_slot("${slot}")'
CREATE = "SELECT pg_create_logical_replication_slot(%s, %s)"
SLOTS = "SELECT slot_name, plugin FROM pg_replication_slots WHERE database = current_database()"


@pytest.mark.services
def test_a_slot_comes_goes_and_comes_again(revise, databases):
    run = revise("postgres", UP, DOWN)

    with databases.postgres() as connection:
        for _ in range(2):
            assert run("upgrade", "head").code == 0
            assert connection.execute(SLOTS).fetchall() == [(f"{databases.name}_slot", "pgoutput")]

            assert run("downgrade", "base").code == 0
            assert connection.execute(SLOTS).fetchall() == []


@pytest.mark.services
def test_a_slot_of_the_same_plugin_and_database_is_adopted(revise, databases):
    run = revise("postgres", UP, DOWN)
    with databases.postgres() as connection:
        connection.execute(CREATE, (f"{databases.name}_slot", "pgoutput"))

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_a_slot_of_another_database_is_refused_and_kept(revise, databases, stack):
    import psycopg

    slot = f"{databases.name}_slot"
    with psycopg.connect(stack.need("postgres_url"), autocommit=True) as elsewhere:
        elsewhere.execute(CREATE, (slot, "pgoutput"))

        outcome = revise("postgres", UP, DOWN)("upgrade", "head")

        assert outcome.code != 0
        assert f"replication slot {slot} belongs to plugin pgoutput, database" in outcome.err
        elsewhere.execute("SELECT pg_drop_replication_slot(%s)", (slot,))


@pytest.mark.services
def test_an_older_transaction_bounds_the_wait(revise, databases, monkeypatch):
    from analytics.operations import replication_slot

    monkeypatch.setattr(replication_slot, "WAIT", 0.5)
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int)")
        connection.execute("BEGIN; INSERT INTO a VALUES (1)")

        outcome = revise("postgres", UP, DOWN)("upgrade", "head")

        assert outcome.code != 0
        assert "_slot waits for an older transaction" in outcome.err


@pytest.mark.services
def test_a_slot_that_fails_over_stays_one(revise, databases):
    up = 'op.create_replication_slot("${slot}", failover=True)'
    run = revise("postgres", up, DOWN)

    for _ in range(2):
        assert run("upgrade", "head").code == 0
        run("stamp", "base")
    with databases.postgres() as connection:
        query = "SELECT failover FROM pg_replication_slots WHERE database = %s"
        assert connection.execute(query, [databases.name]).fetchall() == [(True,)]

    assert run("upgrade", "head").code == 0
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_rows_that_are_there_before_the_slot_are_named(revise, databases):
    with databases.postgres() as connection:
        connection.execute('CREATE TABLE "a:b" (x int PRIMARY KEY); CREATE TABLE c (x int)')
        connection.execute('INSERT INTO "a:b" SELECT generate_series(1, 12)')
        connection.execute(f'CREATE PUBLICATION {databases.name} FOR TABLE "a:b", c')

        outcome = revise("postgres", UP, DOWN)("upgrade", "head")

        assert outcome.code == 0
        assert 'never sends what is in published tables: public."a:b" 12 rows' in outcome.err
        connection.execute("SELECT pg_drop_replication_slot(%s)", (f"{databases.name}_slot",))
        connection.execute(f"DROP PUBLICATION {databases.name}")


def test_the_script_holds_the_statements(revise, nowhere):
    run = revise("postgres", UP, DOWN)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert "SELECT pg_create_logical_replication_slot('shop_slot', 'pgoutput');" in up.out
    assert "SELECT pg_drop_replication_slot('shop_slot');" in down.out
    over = revise("postgres", 'op.create_replication_slot("${slot}", failover=True)')
    assert "('shop_slot', 'pgoutput', failover => true);" in over("upgrade", "head", "--sql").out
