"""Brokers with TLS and a login: topics over each, and each mistake said at once."""

import logging
import time

import pytest
import trustme

from analytics.errors import AnalyticsError, SettingError
from analytics.kafka import topics
from analytics.settings import Settings, brokers
from tests.kafka.secured import MECHANISMS, PASSWORD, USER

pytestmark = [pytest.mark.services, pytest.mark.slow]


def settings(guarded, listener="login", **change):
    """The settings for a listener of the broker, with some of them changed."""
    kinds = {"tls": "SSL", "login": "SASL_SSL", "clear": "SASL_PLAINTEXT", "plain": None}
    user = {"kafka_username": USER, "kafka_password": PASSWORD}
    values = {
        "kafka_bootstrap_servers": getattr(guarded, listener),
        "kafka_security_protocol": kinds[listener],
        **(user if listener in ("login", "clear") else {}),
        **({"kafka_ca_file": str(guarded.ca)} if listener in ("tls", "login") else {}),
    }
    return Settings(**values | change)


@pytest.mark.parametrize(
    ("listener", "mechanism"),
    [*(("login", each) for each in MECHANISMS), ("clear", "PLAIN"), ("clear", "SCRAM-SHA-512")],
)
def test_topics_come_and_go_after_a_login(mechanism, listener, guarded):
    with topics.admin(
        brokers.of(settings(guarded, listener, kafka_sasl_mechanism=mechanism))
    ) as client:
        assert topics.create_topic(client, "orders", count=2, config={})
        assert topics.partitions(client, "orders") == 2
        topics.delete_topic(client, "orders")
        assert topics.partitions(client, "orders") is None


@pytest.mark.parametrize("listener", ["tls", "plain"])
def test_no_login_is_needed_where_the_broker_wants_none(listener, guarded):
    with topics.admin(brokers.of(settings(guarded, listener))) as client:
        assert topics.partitions(client, "nothing") is None


def port_of(guarded, listener):
    return getattr(guarded, listener).partition(":")[2]


CA = "let ANALYTICS_KAFKA_CA_FILE name a file"
PROTOCOL = "set ANALYTICS_KAFKA_SECURITY_PROTOCOL to "
MISTAKES = {
    "a wrong password": ("login", {"kafka_password": "hunter2"}, "refuses user shop", "PASSWORD"),
    "a user who is not known": ("login", {"kafka_username": "me"}, "refuses user me", "USERNAME"),
    "a wrong password in clear": (
        "clear",
        {"kafka_password": "hunter2", "kafka_sasl_mechanism": "PLAIN"},
        "invalid credentials|Invalid username or password",
        "correct ANALYTICS_KAFKA_USERNAME",
    ),
    "no authority": ("login", {"kafka_ca_file": None}, "do not agree on TLS", CA),
    "no TLS": ("tls", {"kafka_security_protocol": None, "kafka_ca_file": None}, "TLS only", "SSL"),
    "login without TLS": (
        "login",
        {"kafka_security_protocol": "SASL_PLAINTEXT", "kafka_ca_file": None},
        "speaks TLS only",
        f"{PROTOCOL}SASL_SSL",
    ),
    "TLS where there is none": (
        "plain",
        {"kafka_security_protocol": "SSL"},
        "do not agree on TLS",
        f"{PROTOCOL}PLAINTEXT",
    ),
    "no login": (
        "clear",
        {"kafka_security_protocol": None, "kafka_username": None},
        "wants a login .*SCRAM-SHA-512",
        f"{PROTOCOL}SASL_PLAINTEXT",
    ),
    "a mechanism that is not offered": (
        "clear",
        {"kafka_sasl_mechanism": "SCRAM-SHA-256"},
        "does not take SCRAM-SHA-256",
        "to one of PLAIN, SCRAM-SHA-512",
    ),
    "a login where there is none": (
        "tls",
        {"kafka_security_protocol": "SASL_SSL", "kafka_username": "u", "kafka_password": "p"},
        "takes no login here",
        f"{PROTOCOL}SSL",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_at_once_with_its_remedy(mistake, guarded):
    listener, change, said, remedy = MISTAKES[mistake]
    began = time.monotonic()

    with (
        pytest.raises(AnalyticsError, match=said) as raised,
        topics.admin(brokers.of(settings(guarded, listener, **change))),
    ):
        pass

    assert remedy in raised.value.remedy
    assert "hunter2" not in str(raised.value)
    assert time.monotonic() - began < 5


def test_a_certificate_of_another_authority_or_for_another_name_is_not_taken(guarded, tmp_path):
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    other = {"kafka_ca_file": str(tmp_path / "other.pem")}
    named = {"kafka_bootstrap_servers": guarded.login.replace("127.0.0.1", "localhost")}

    for change, remedy in ((other, CA), (named, "the name that its certificate is for")):
        with (
            pytest.raises(AnalyticsError, match="do not agree on TLS") as raised,
            topics.admin(brokers.of(settings(guarded, **change))),
        ):
            pass
        assert remedy in raised.value.remedy


def test_the_next_broker_is_asked_where_the_first_is_not_there(guarded):
    servers = f"127.0.0.1:1,{guarded.login}"

    with topics.admin(brokers.of(settings(guarded, kafka_bootstrap_servers=servers))) as client:
        assert topics.partitions(client, "nothing") is None


def test_a_library_that_logs_all_it_does_shows_no_password(guarded, caplog):
    caplog.set_level(logging.DEBUG)

    with topics.admin(brokers.of(settings(guarded, kafka_sasl_mechanism="PLAIN"))):
        pass

    assert "configuration" in caplog.text
    assert PASSWORD not in caplog.text and repr(PASSWORD) not in caplog.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kafka_security_protocol": "TLS"}, "SECURITY_PROTOCOL is not known: TLS"),
        ({"kafka_sasl_mechanism": "GSSAPI"}, "SASL_MECHANISM is not known: GSSAPI"),
        ({"kafka_security_protocol": "SSL"}, "KAFKA_USERNAME is set, and .* which does without"),
        ({"kafka_security_protocol": "SASL_PLAINTEXT"}, "KAFKA_CA_FILE is set, and .*"),
        ({"kafka_password": None}, "ANALYTICS_KAFKA_PASSWORD is not set"),
        ({"kafka_bootstrap_servers": "u:hunter2@h:1"}, "holds a user or a scheme"),
        ({"kafka_bootstrap_servers": "kafka://h:1"}, "holds a user or a scheme"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(change, said, guarded):
    with pytest.raises(SettingError, match=said) as raised:
        brokers.of(settings(guarded, **change))

    assert "hunter2" not in str(raised.value)
