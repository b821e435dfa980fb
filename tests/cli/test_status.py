"""`analytics status`: the revisions of both stores, and the error if one does not answer."""

import json
import socket

import pytest

from analytics import settings
from analytics.errors import (
    AccessDenied,
    DatabaseMissing,
    StatementFailed,
    TargetError,
    Unreachable,
)
from analytics.history import project
from analytics.stores import heads

URLS = {"postgres": "ANALYTICS_POSTGRES_URL", "clickhouse": "ANALYTICS_CLICKHOUSE_URL"}
SECTIONS = {"postgres": "alembic", "clickhouse": "clickhouse"}

every_store = pytest.mark.parametrize("store", URLS)


def newest(store):
    return project.read()[store].heads[0]


def url_of(databases, store):
    return databases.postgres_url if store == "postgres" else databases.clickhouse_url


@pytest.fixture
def stamped(databases, alembic):
    """What sets a store's head without running anything, as if it had been run."""
    stores = set()

    def stamp(store):
        stores.add(store)
        assert alembic("-n", SECTIONS[store], "stamp", "head").code == 0

    yield stamp
    for store in stores:
        alembic("-n", SECTIONS[store], "stamp", "base")


@pytest.fixture
def nowhere(monkeypatch):
    """Two addresses where nobody listens."""
    monkeypatch.setenv(URLS["postgres"], "postgresql://me:hush@127.0.0.1:1/shop")
    monkeypatch.setenv(URLS["clickhouse"], "http://me:hush@127.0.0.1:1/shop")


@pytest.mark.usefixtures("nowhere")
@every_store
def test_a_server_that_does_not_answer_is_named_without_the_password(store):
    question = heads.ask(settings.load())[store]

    with pytest.raises(Unreachable, match=r"at 127.0.0.1:1 does not answer") as raised:
        question.answer()
    assert f"correct {URLS[store]}" in raised.value.remedy
    assert "hush" not in f"{raised.value}{question}"


@every_store
def test_a_server_that_takes_the_question_only_is_not_waited_for(store, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for name, scheme in {"postgres": "postgresql", "clickhouse": "http"}.items():
            url = f"{scheme}://me@127.0.0.1:{silent.getsockname()[1]}/shop"
            monkeypatch.setenv(URLS[name], url)

        with pytest.raises(Unreachable):
            heads.ask(settings.load(), timeout=0.1)[store].answer()


@pytest.mark.services
@pytest.mark.usefixtures("databases")
def test_empty_databases_are_at_base(run):
    done = run("status")

    assert done.exit_code == 0
    assert done.stdout.count("  at        base\n") == 2
    assert "    0001  Hold experiments, their variants and the users.\n" in done.stdout


@pytest.mark.services
def test_json_says_what_is_applied_and_what_is_pending(run, databases, alembic):
    assert alembic("upgrade", "0002").code == 0

    found = json.loads(run("status", "--json").stdout)

    assert found["postgres"]["heads"] == ["0002"]
    assert found["postgres"]["applied"] == 2
    assert found["postgres"]["pending"][0]["revision"] == "0003"
    assert found["clickhouse"]["heads"] == []
    assert found["clickhouse"]["server"].endswith(f"/{databases.name}")


@pytest.mark.services
@every_store
def test_a_store_at_its_head_has_nothing_pending(store, run, stamped):
    stamped(store)

    found = json.loads(run("status", "--json").stdout)[store]

    assert (found["heads"], found["pending"]) == ([newest(store)], [])


@pytest.mark.services
def test_the_exit_code_tells_what_is_pending_if_it_is_asked_to(run, stamped):
    assert [run("status").exit_code, run("status", "--exit-code").exit_code] == [0, 3]

    stamped("postgres")
    assert run("status", "--exit-code").exit_code == 3
    stamped("clickhouse")
    assert run("status", "--exit-code").exit_code == 0


@pytest.mark.services
@every_store
def test_a_database_that_does_not_exist_is_named(store, run, databases, monkeypatch):
    monkeypatch.setenv(URLS[store], f"{url_of(databases, store)}_not_there")

    error = run("status").exception
    assert isinstance(error, DatabaseMissing)
    assert f"has no database {databases.name}_not_there: create it" in str(error)


@pytest.mark.services
@every_store
def test_a_wrong_password_is_named_and_not_shown(store, run, databases, monkeypatch):
    scheme, _, rest = url_of(databases, store).partition("://")
    monkeypatch.setenv(URLS[store], f"{scheme}://somebody:pssst@{rest.rpartition('@')[2]}")

    error = run("status").exception
    assert isinstance(error, AccessDenied)
    assert "refuses user somebody" in str(error)
    assert "pssst" not in str(error)


@pytest.mark.services
def test_a_database_of_a_newer_release_is_named(run, databases, alembic):
    assert alembic("upgrade", "0001").code == 0
    with databases.postgres() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    error = run("status").exception
    with databases.postgres() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")

    assert isinstance(error, TargetError)
    assert "the database is at revision 9999" in str(error)


@pytest.mark.services
def test_a_version_log_without_its_view_is_a_database_at_base(run, databases):
    databases.clickhouse("CREATE TABLE alembic_version_log (v String) ENGINE = Memory")

    found = json.loads(run("status", "--json").stdout)["clickhouse"]
    databases.clickhouse("DROP TABLE alembic_version_log")

    assert found["heads"] == []


@pytest.mark.services
def test_a_view_without_its_log_is_no_database_at_base(run, databases):
    databases.clickhouse("CREATE TABLE alembic_version_log (version_num String) ENGINE = Memory")
    databases.clickhouse("CREATE VIEW alembic_version AS SELECT * FROM alembic_version_log")
    databases.clickhouse("DROP TABLE alembic_version_log")

    error = run("status").exception
    databases.clickhouse("DROP VIEW alembic_version")

    assert isinstance(error, StatementFailed)
    assert "alembic_version_log" in str(error)
