"""alembic.ini's own sections: what is read, where the file is, and that Alembic reads it, too."""

from pathlib import Path

import pytest
from alembic.config import Config

from analytics import settings
from analytics.errors import SettingError
from analytics.placeholders import placeholders
from analytics.settings import ini as sections
from analytics.settings.ini import Role
from tests.conftest import ROOT
from tests.ours import DEMO, OURS
from tests.pages import blocks

OWN = """
[DEFAULT]
region = eu
topic = of no section

[placeholders]
topic = ${namespace}_clicks
dead_letters = ${topic}_dead
letters2 = %(region)s 100%% $1 $$
place = %(here)s/data
bucket = env:SHOP_BUCKET
zone = file:zone.txt

[secrets]
reader_password = file:secrets/reader
bank_token = env:BANK_TOKEN

[roles]
reader = "a, b", reader_password

[settings]
namespace = shop
connector_timeout = 90
"""


@pytest.fixture
def own(tmp_path):
    """A project with names of its own."""
    (tmp_path / "alembic.ini").write_text(OWN)
    return tmp_path / "alembic.ini"


def filled(own, text, **options):
    return placeholders(settings.load(settings.project(own)), **options).fill(text)


def test_a_placeholder_may_use_others(own):
    assert filled(own, "${dead_letters}") == "shop_clicks_dead"


def test_percent_signs_are_read_as_alembic_reads_them(own):
    wanted = f"eu 100% $1 $$ {own.parent}/data"

    assert filled(own, "${letters2} ${place}") == wanted
    config = Config(str(own))
    assert " ".join(config.file_config["placeholders"][n] for n in ("letters2", "place")) == wanted


def test_what_is_in_default_is_no_placeholder(own):
    found = settings.project(own)

    assert set(found.placeholders) & {"region", "here"} == set()
    assert "topic" in found.placeholders


def test_a_placeholder_may_be_in_a_variable_or_a_file(own, monkeypatch):
    (own.parent / "zone.txt").write_text("west\n")
    monkeypatch.setenv("SHOP_BUCKET", "b-${topic}")

    assert filled(own, "${bucket} ${zone}") == "b-${topic} west"


def test_a_place_without_a_value_is_an_error_or_stays_in_a_script(own):
    for name, missing in {"bucket": "SHOP_BUCKET is not set", "zone": "zone.txt, which"}.items():
        with pytest.raises(SettingError, match=missing):
            filled(own, f"${{{name}}}")

        assert filled(own, f"<${{{name}}}>", lenient=True) == f"<${{{name}}}>"


def test_a_role_is_a_name_and_a_secret(own):
    assert settings.project(own).roles == {"reader": Role('"a, b"', "reader_password")}
    assert filled(own, "${reader_role}") == '"a, b"'


@pytest.mark.parametrize("text", ["env:", "env:A-B", "env:A B", "file:", "plain"])
def test_a_secret_that_is_in_no_place_is_refused_and_not_shown(text, tmp_path):
    (tmp_path / "alembic.ini").write_text(f"[secrets]\ntoken = {text}\n")

    with pytest.raises(SettingError, match="neither env:VARIABLE nor file:PATH") as said:
        settings.project(tmp_path / "alembic.ini")

    assert text not in str(said.value).replace("env:VARIABLE nor file:PATH", "")


def test_a_secret_is_looked_up_as_settings_are(own, tmp_path, monkeypatch):
    def token(**given):
        return settings.load(settings.project(own), **given).secrets.get("bank_token")

    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(tmp_path / "folder"))
    assert token() is None
    (tmp_path / "folder" / "bank_token").write_text("of a folder\n")
    assert token() == "of a folder"
    monkeypatch.setenv("BANK_TOKEN", "of a variable")
    assert token() == "of a variable"
    assert token(bank_token="given") == "given"


def test_a_secret_is_sent_and_not_shown(own):
    (own.parent / "secrets").mkdir()
    (own.parent / "secrets" / "reader").write_text("hu'sh\n")
    loaded = settings.load(settings.project(own))
    names, text = placeholders(loaded), "PASSWORD '${reader_password}'"

    assert (names.fill(text), names.reveal(text)) == (text, "PASSWORD 'hu''sh'")
    assert names.secrets(text) == {"reader_password"}
    assert "hu'sh" not in repr(loaded)


def test_a_secret_within_a_placeholder_is_one(tmp_path, monkeypatch):
    file = tmp_path / "alembic.ini"
    file.write_text("[placeholders]\nlogin = me:${token}\n[secrets]\ntoken = env:TOKEN\n")
    monkeypatch.setenv("TOKEN", "hush")
    names = placeholders(settings.load(settings.project(file)))

    assert names.fill("${login}") == "me:${token}"
    assert names.reveal("${login}") == "me:hush"
    assert names.secrets("${login}") == {"token"}


def test_settings_of_the_file_give_way_to_the_environment_and_to_arguments(own, monkeypatch):
    found = settings.project(own)
    assert settings.load(found).connector_timeout == 90.0

    monkeypatch.setenv("ANALYTICS_CONNECTOR_TIMEOUT", "30")
    assert settings.load(found).connector_timeout == 30.0
    assert settings.load(found, connector_timeout="10").connector_timeout == 10.0


def test_the_file_is_the_named_one_then_the_variables_then_the_nearest(own, tmp_path, monkeypatch):
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "down")
    assert settings.find() == own

    monkeypatch.setenv("ALEMBIC_CONFIG", "pyproject.toml")  # has nothing of ours
    assert settings.find() == own
    monkeypatch.setenv("ALEMBIC_CONFIG", "other.ini")
    assert settings.find() == tmp_path / "deep" / "down" / "other.ini"
    assert settings.find(Path("named.ini")) == tmp_path / "deep" / "down" / "named.ini"


def test_without_a_file_there_are_the_computed_names_only():
    assert settings.of_alembic(None) == settings.Ini()
    assert set(placeholders(settings.Settings()).known) == set(sections.COMPUTED)


def test_the_example_of_the_documentation_is_read(tmp_path):
    (example,) = blocks((ROOT / "docs/settings.md").read_text(), "ini")
    (tmp_path / "alembic.ini").write_text(example)

    found = settings.project(tmp_path / "alembic.ini")

    assert found.roles["reader"] == Role("${namespace}_eyes", "reader_password")
    assert settings.load(found).namespace == "shop"


def test_the_code_has_no_name_of_ours():
    texts = {path: path.read_text() for path in (ROOT / "analytics").rglob("*.py")}
    names = {*OURS.placeholders, *OURS.secrets} - {"connector", "publication", "slot", "topic"}

    found = [f"{path}: {n}" for path, text in texts.items() for n in names if f'"{n}"' in text]

    assert [each for each in found if "local/embedded" not in each] == []
    assert placeholders(DEMO).fill("${slot} ${group}") == (
        "experiments_slot clickhouse_experiments_analytics"
    )
