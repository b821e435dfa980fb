"""The local stack is started unless the settings name other addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.experiments.demo import prepare
from analytics.settings import ADDRESSES
from tests.ours import OURS

LOCAL = {"kafka_bootstrap_servers": "127.0.0.1:9", "connect_url": "http://127.0.0.1:9"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A local folder, and no address in the environment."""
    for name in (*ADDRESSES, "secrets_dir"):
        monkeypatch.delenv(f"ANALYTICS_{name.upper()}", raising=False)
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(tmp_path))
    return tmp_path


def test_without_any_address_the_local_stack_is_used() -> None:
    assert prepare.given_addresses(OURS) == []


def test_an_address_without_a_local_stack_is_somebody_elses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", "postgresql://db.example/experiments")

    assert prepare.given_addresses(OURS) == ["ANALYTICS_POSTGRES_URL"]


def test_the_addresses_of_a_stack_that_died_are_not_somebody_elses(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "endpoints.json").write_text(json.dumps(LOCAL))
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", LOCAL["connect_url"])

    assert prepare.given_addresses(OURS) == []


def test_another_address_than_the_local_one_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "endpoints.json").write_text(json.dumps(LOCAL))
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://connect.example:8083")

    assert prepare.given_addresses(OURS) == ["ANALYTICS_CONNECT_URL"]


def test_an_address_in_a_secrets_folder_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "analytics_connect_url").write_text("http://connect.example:8083")
    monkeypatch.setenv("ANALYTICS_SECRETS_DIR", str(folder / "secrets"))

    assert prepare.given_addresses(OURS) == ["ANALYTICS_CONNECT_URL"]
