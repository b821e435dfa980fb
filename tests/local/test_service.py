"""Reasons to start a running process again, and how configuration is filled in."""

from dataclasses import replace
from pathlib import Path

import pytest

from analytics.local.service import Launch, render

LAUNCH = Launch(("java", "Kafka"), Path("k.properties"), "port=1")


@pytest.mark.parametrize(
    "changed",
    [
        {"argv": ("java", "Connect")},
        {"text": "port=2"},
        {"environment": {"PASSWORD": "new"}},
    ],
)
def test_what_a_process_depends_on_changes_its_fingerprint(changed: dict[str, object]) -> None:
    assert replace(LAUNCH, **changed).fingerprint() != LAUNCH.fingerprint()


def test_tuning_does_not_change_the_fingerprint() -> None:
    tuned = replace(LAUNCH, tuning=("-XX:SharedArchiveFile=x",), becomes=("setpriv",))

    assert tuned.fingerprint() == LAUNCH.fingerprint()
    assert tuned.command() == ["setpriv", "java", "-XX:SharedArchiveFile=x", "Kafka"]


def test_a_launch_does_not_show_its_environment() -> None:
    assert "secret" not in repr(replace(LAUNCH, environment={"PASSWORD": "secret"}))


def test_every_placeholder_of_a_configuration_must_be_given() -> None:
    with pytest.raises(KeyError, match="kafka_port"):
        render("connect.properties", port=1, plugins="plugins")


def test_the_broker_listens_on_this_machine_only() -> None:
    text = render("kafka.properties", port=1, controller_port=2, log_dir="d")

    assert "listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\n" in text
    assert "0.0.0.0" not in text
