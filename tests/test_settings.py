"""Settings: their sources, their types, and the error about one that cannot be used."""

import json
import socket

import pytest

from analytics import settings
from analytics.errors import SettingError
from analytics.settings import sources


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A local stack's folder, with a PostgreSQL that listens; nothing said of it yet."""
    sources._say_once.cache_clear()
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"postgresql://postgres@127.0.0.1:{server.getsockname()[1]}/experiments"
        (tmp_path / "endpoints.json").write_text(json.dumps({"postgres_url": url}))
        yield url


def test_the_local_stack_is_the_default_when_no_address_is_set(local, capsys):
    loaded = [settings.load(), settings.load()]

    assert [each.need("postgres_url") for each in loaded] == [local, local]
    assert capsys.readouterr().err.count("the local stack is used") == 1


def test_one_address_that_is_set_switches_the_local_stack_off(local, monkeypatch, capsys):
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://connect.example")

    loaded = settings.load()

    assert loaded.postgres_url is None
    assert capsys.readouterr().err == ""


def test_a_stack_that_does_not_listen_is_no_default(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(tmp_path))
    (tmp_path / "endpoints.json").write_text('{"postgres_url": "postgresql://127.0.0.1:1/x"}')

    assert settings.load().postgres_url is None


def test_what_is_given_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("ANALYTICS_NAMESPACE", "environment")

    assert settings.load(namespace="given").namespace == "given"


def test_secrets_come_from_files(tmp_path, monkeypatch):
    (tmp_path / "analytics_debezium_role_password").write_text("hush\n")
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(tmp_path))

    loaded = settings.load()

    assert loaded.need("debezium_role_password") == "hush"
    assert "hush" not in repr(loaded)


def test_a_variable_wins_over_a_file_unless_it_is_empty(tmp_path, monkeypatch):
    (tmp_path / "analytics_namespace").write_text("file")
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(tmp_path))

    monkeypatch.setenv("ANALYTICS_NAMESPACE", "variable")
    assert settings.load().namespace == "variable"
    monkeypatch.setenv("ANALYTICS_NAMESPACE", "")
    assert settings.load().namespace == "file"


def test_a_secret_that_is_no_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "analytics_namespace").mkdir()
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(tmp_path))

    with pytest.raises(SettingError, match="the file of ANALYTICS_NAMESPACE cannot be read"):
        settings.load()


def test_a_missing_setting_is_named_with_its_remedy():
    with pytest.raises(SettingError, match="ANALYTICS_CONNECT_URL is not set: export it"):
        settings.Settings().need("connect_url")


def test_a_setting_that_does_not_exist_is_named():
    with pytest.raises(SettingError, match="there is no setting ANALYTICS_OTHER_ROLE_PASSWORD"):
        settings.Settings().need("other_role_password")


def test_a_setting_of_the_wrong_type_is_named(monkeypatch):
    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "soon")

    with pytest.raises(SettingError, match="ANALYTICS_CONNECTOR_TIMEOUT"):
        settings.load()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_is_reached_with_psycopg_whatever_the_scheme(scheme):
    loaded = settings.Settings(postgres_url=f"{scheme}://u:p@h:1/d")

    assert loaded.postgres_sqlalchemy_url == "postgresql+psycopg://u:p@h:1/d"


@pytest.mark.parametrize("scheme", ["http", "clickhouse", "clickhouse+http"])
def test_clickhouse_is_reached_over_http_whatever_the_scheme(scheme):
    loaded = settings.Settings(clickhouse_url=f"{scheme}://u:p@h:1/d")

    assert loaded.clickhouse_sqlalchemy_url == "clickhouse+http://u:p@h:1/d"


@pytest.mark.parametrize("url", ["mysql://h/d", "nothing", "postgresql://h:port/d"])
def test_a_url_that_cannot_be_used_is_refused_without_being_shown(url):
    with pytest.raises(SettingError, match="ANALYTICS_POSTGRES_URL"):
        _ = settings.Settings(postgres_url=url).postgres_sqlalchemy_url
