"""Secrets of the settings, taken out of what others say in whatever way they are written."""

import base64
import json
from urllib.parse import quote

import pytest

from analytics.errors import Refused
from analytics.settings import Settings, redaction, value

SECRET = "pl@nted'\"/pässword\\1"
SECRET_SETTINGS = {name: f"{name}-{SECRET}" for name in value.SECRET_SETTINGS}
OWN = {name: f"{name}-{SECRET}" for name in ("debezium_role_password", "token_of_a_bank")}
NAMED = SECRET_SETTINGS | OWN
URLS = {
    "postgres_url": f"postgresql://me:{quote('pg-' + SECRET, safe='')}@h:1/d?password=pg-query",
    "clickhouse_url": f"http://me:{quote('ch-' + SECRET, safe='')}@h:1/d",
    "connect_url": f"http://a:{quote('one-' + SECRET, safe='')}@h:1,http://b:two,w@h:2",
    "kafka_bootstrap_servers": "me:k-planted@h:1,g:2",
}
SETTINGS = Settings(**URLS, **SECRET_SETTINGS, secrets=OWN, connect_username="op")
PLANTED = [
    *NAMED.values(),
    *(f"{each}-{SECRET}" for each in ("pg", "ch", "one")),
    *("two,w", "k-planted", "pg-query"),
]


@pytest.mark.parametrize(
    "written",
    [
        str,
        quote,
        lambda text: quote(text, safe=""),
        repr,
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: text.replace("'", "''"),
        lambda text: text.replace("\\", "\\\\").replace("'", "\\'"),
    ],
)
def test_a_secret_is_found_as_others_write_it(written):
    for secret in PLANTED:
        text = written(secret)
        core = text.strip("'\"")

        assert core not in redaction.redact(SETTINGS, f"near {text}, which is wrong")


def test_the_header_of_a_request_is_a_secret():
    header = base64.b64encode(f"op:{NAMED['connect_password']}".encode()).decode()

    assert redaction.redact(SETTINGS, f"who is {header}?") == "who is ***?"


def test_a_secret_of_the_projects_own_is_shown_by_its_name():
    own = Settings(secrets={"token_of_a_bank": "hush"})

    assert redaction.redact(own, "near 'hush'") == "near '${token_of_a_bank}'"


def test_a_secret_with_a_name_is_shown_by_it():
    assert redaction.redact(Settings(kafka_password="hush"), "near 'hush'") == (
        "near '${kafka_password}'"
    )


def test_a_password_that_is_the_name_of_its_user_is_none():
    local = Settings(postgres_url="postgresql://postgres:postgres@h:1/d")

    assert redaction.redact(local, "PostgreSQL at postgres:1") == "PostgreSQL at postgres:1"


def test_an_error_loses_its_secret_wherever_it_is():
    try:
        try:
            raise ValueError("the password is hush")
        except ValueError as cause:
            cause.add_note("hush")
            raise Refused("hush is refused", "say another") from cause
    except Refused as error:
        error.add_note("while hush was sent")
        cleaned = redaction.redacted(Settings(kafka_password="hush"), error)

    assert str(cleaned) == "${kafka_password} is refused: say another"
    assert cleaned.__notes__ == ["while ${kafka_password} was sent"]
    assert (cleaned.__cause__, cleaned.__context__) == (None, None)


def test_a_cause_without_a_secret_is_kept():
    cause = ValueError("a bug")
    error = Refused("no", "yes")
    error.__cause__ = cause

    assert redaction.redacted(Settings(kafka_password="hush"), error).__cause__ is cause


def test_settings_are_shown_without_a_secret():
    assert not [each for each in (*PLANTED, *URLS.values()) if each in repr(SETTINGS)]
