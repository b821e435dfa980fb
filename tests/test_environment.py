"""The body of both env.py files: the caller's arguments win, and a missing thing is named."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine

from tests.conftest import ROOT

STORES = {"alembic": "ANALYTICS_POSTGRES_URL", "clickhouse": "ANALYTICS_CLICKHOUSE_URL"}


def config(section, **attributes):
    """The project's configuration of a history, with what a caller hands over."""
    made = Config(str(ROOT / "alembic.ini"), ini_section=section)
    made.attributes.update(attributes, configure_logger=False)
    return made


def before(section):
    """What the first revision of a history requires."""
    if section == "clickhouse":
        command.upgrade(config("alembic"), "0005")


@pytest.fixture
def elsewhere(monkeypatch):
    """Settings that lead nowhere: whoever reaches a server was told another way."""

    def set_for(section):
        scheme = "postgresql" if section == "alembic" else "http"
        monkeypatch.setenv(STORES[section], f"{scheme}://127.0.0.1:1/nowhere")

    return set_for


def version_of(databases, section):
    """What the version table of a history says."""
    query = "SELECT version_num FROM alembic_version"
    if section == "clickhouse":
        return databases.clickhouse(query)[0][0]
    with databases.postgres() as connection:
        return connection.execute(query).fetchone()[0]


def lose_track(databases, section):
    """Say in the version table that the database is at a revision that no file has."""
    if section == "clickhouse":
        rows = "('0001', 'del', 1000), ('9999', 'add', 1000)"
        log = "alembic_version_log (version_num, op, seq)"
        databases.clickhouse(f"INSERT INTO {log} VALUES {rows}")
        return
    with databases.postgres() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def engine_of(databases, section):
    """An engine of the caller's own."""
    if section == "alembic":
        return create_engine(databases.postgres_url.replace("postgresql", "postgresql+psycopg", 1))
    return create_engine(databases.clickhouse_url.replace("default@", "default:@"))


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_an_engine_that_is_handed_in_wins(section, databases, elsewhere):
    before(section)
    elsewhere(section)
    engine = engine_of(databases, section)

    command.upgrade(config(section, engine=engine), "0001")
    assert version_of(databases, section) == "0001"
    command.downgrade(config(section, engine=engine), "base")
    engine.dispose()


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_a_connection_that_is_handed_in_wins(section, databases, elsewhere):
    before(section)
    elsewhere(section)
    engine = engine_of(databases, section)

    with engine.connect() as connection:
        command.upgrade(config(section, connection=connection), "0001")
        assert version_of(databases, section) == "0001"
        command.downgrade(config(section, connection=connection), "base")
    engine.dispose()


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_a_url_on_the_command_line_wins(section, databases, elsewhere, alembic):
    before(section)
    elsewhere(section)
    url = databases.postgres_url if section == "alembic" else databases.clickhouse_url

    assert alembic("-n", section, "-x", f"url={url}", "upgrade", "0001").code == 0
    assert version_of(databases, section) == "0001"
    assert alembic("-n", section, "-x", f"url={url}", "downgrade", "base").code == 0


def test_an_unknown_name_on_the_command_line_is_refused(alembic):
    assert "-x nonsense: no such setting" in alembic("-x", "nonsense=1", "current").err


@pytest.mark.parametrize("section", STORES)
def test_a_server_that_does_not_answer_is_named(section, elsewhere, alembic):
    elsewhere(section)

    outcome = alembic("-n", section, "current")

    assert outcome.code != 0
    assert "at 127.0.0.1:1 does not answer" in outcome.err
    assert f"correct {STORES[section]}" in outcome.err


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_a_database_that_does_not_exist_is_named(section, databases, alembic, monkeypatch):
    url = databases.postgres_url if section == "alembic" else databases.clickhouse_url
    monkeypatch.setenv(STORES[section], f"{url}_not_there")

    outcome = alembic("-n", section, "upgrade", "head")

    assert outcome.code != 0
    assert f"has no database {databases.name}_not_there: create it" in outcome.err


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_a_wrong_password_is_named_and_not_shown(section, databases, alembic, monkeypatch):
    url = databases.postgres_url if section == "alembic" else databases.clickhouse_url
    host = url.rpartition("@")[2]
    monkeypatch.setenv(STORES[section], f"{url.partition('://')[0]}://somebody:pssst@{host}")

    outcome = alembic("-n", section, "current")

    assert outcome.code != 0
    assert "refuses user somebody" in outcome.err
    assert "pssst" not in outcome.out + outcome.err


@pytest.mark.services
@pytest.mark.parametrize("section", STORES)
def test_a_database_at_a_revision_without_a_file_is_stamped_with_purge(section, databases, alembic):
    before(section)
    assert alembic("-n", section, "upgrade", "0001").code == 0
    lose_track(databases, section)
    assert alembic("-n", section, "upgrade", "head").code != 0

    assert alembic("-n", section, "stamp", "--purge", "0001").code == 0
    assert version_of(databases, section) == "0001"


@pytest.mark.services
@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize("section", STORES)
def test_an_unknown_revision_is_named(section, alembic):
    command = "alembic" if section == "alembic" else f"alembic -n {section}"

    outcome = alembic("-n", section, "upgrade", "nonsense")

    assert outcome.code != 0
    assert f"'nonsense': `{command} history` lists those that have a file" in outcome.err


def test_without_any_address_the_setting_is_named(alembic, monkeypatch, tmp_path):
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(tmp_path))

    outcome = alembic("current")

    assert outcome.code != 0
    assert "ANALYTICS_POSTGRES_URL is not set" in outcome.err


def test_a_caller_in_python_gets_alembic_s_own_error(monkeypatch):
    monkeypatch.setenv(STORES["alembic"], "postgresql://127.0.0.1:1/nowhere")

    with pytest.raises(CommandError, match="does not answer"):
        command.current(config("alembic"))
