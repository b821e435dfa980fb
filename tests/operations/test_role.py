"""op.create_role and op.drop_role."""

import psycopg
import pytest

UP, DOWN = 'op.create_role("debezium", version=1)', 'op.drop_role("debezium")'
TEXT = "CREATE ROLE ${debezium_role} LOGIN;\nGRANT SELECT ON public.a TO ${debezium_role};\n"


@pytest.fixture
def run(revise):
    """The history of one role."""
    return revise("postgres", UP, DOWN, roles__debezium_v01_sql=TEXT)


@pytest.mark.services
def test_a_role_logs_in_with_its_password_and_does_what_it_may(run, databases, monkeypatch):
    monkeypatch.setenv("ANALYTICS_DEBEZIUM_ROLE_PASSWORD", "it's %hush")
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int)")
    assert run("upgrade", "head").code == 0

    login = {"user": f"{databases.name}_debezium", "password": "it's %hush"}
    with psycopg.connect(databases.postgres_url, **login) as connection:
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (0,)
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_a_role_goes_with_its_grants(run, databases):
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int)")
        run("upgrade", "head")

        assert run("downgrade", "base").code == 0
        roles = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = %s", (f"{databases.name}_debezium",)
        )
        assert roles.fetchone() == (0,)


@pytest.mark.services
def test_without_a_password_nothing_is_made(run, databases, monkeypatch):
    monkeypatch.delenv("ANALYTICS_SECRETS_DIR")
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE a (x int)")

    outcome = run("upgrade", "head")

    assert outcome.code != 0
    assert "ANALYTICS_DEBEZIUM_ROLE_PASSWORD is not set" in outcome.err
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_an_owner_who_may_create_roles_can_drop_them_again(run, databases, monkeypatch):
    owner = f"{databases.name}_owner"
    with databases.postgres() as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'o'")
        connection.execute(f"ALTER DATABASE {databases.name} OWNER TO {owner}")
        connection.execute(f"ALTER SCHEMA public OWNER TO {owner}")
        url = databases.postgres_url.replace("postgres:postgres@", f"{owner}:o@")
        monkeypatch.setenv("ANALYTICS_POSTGRES_URL", url)
        with psycopg.connect(url, autocommit=True) as own:
            own.execute("CREATE TABLE a (x int)")

        up, down = run("upgrade", "head"), run("downgrade", "base")

        assert (up.code, down.code) == (0, 0), down.err
        monkeypatch.setenv("ANALYTICS_POSTGRES_URL", databases.postgres_url)
        connection.execute(f"REASSIGN OWNED BY {owner} TO postgres")
        connection.execute(f"DROP OWNED BY {owner}; DROP ROLE {owner}")


def test_the_script_leaves_the_password_to_psql(run, nowhere):
    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert "CREATE ROLE shop_debezium LOGIN;" in up.out
    assert "-- \\password shop_debezium" in up.out
    assert "hush" not in up.out
    drop = "DROP OWNED BY shop_debezium;\nDROP ROLE shop_debezium;"
    assert f"GRANT shop_debezium TO CURRENT_USER;\n{drop}" in down.out
