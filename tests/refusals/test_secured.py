"""Servers that want TLS or a user: each mistake is named, and its remedy is enough."""

import os

import pytest

from tests.kafka import front as fronts
from tests.kafka import secured
from tests.refusals.walk import walks

pytestmark = pytest.mark.services

CONNECT = {
    "kafka/workers.py: the port in {} is not a number up to 65535": {
        "URL": "https://127.0.0.1:none",
    },
    "kafka/workers.py: {} holds what is no URL of HTTP": {"URL": "127.0.0.1:8083"},
    "kafka/tls.py: {}={} cannot be read ({})": {"CA_FILE": "nowhere.pem"},
    "kafka/tls.py: {} and this client do not agree on TLS ({})": {"CA_FILE": ""},
    "kafka/unanswered.py: {} speaks TLS only": {"URL": "http"},
}
REMEDIES = (
    "https://host:port",
    "write http://host:port or https://host:port",
    "name a file with the PEM certificates",
    "let ANALYTICS_CONNECT_CA_FILE name a file",
    "write https:// in ANALYTICS_CONNECT_URL",
)


@walks(*CONNECT)
@pytest.mark.parametrize("key", CONNECT)
def test_a_worker_behind_tls(key, stores, monkeypatch):
    worker, folder = os.environ["ANALYTICS_CONNECT_URL"], stores.folder
    with fronts.standing(worker, folder) as front:
        right = {"URL": front.url, "USERNAME": fronts.USER, "PASSWORD": fronts.PASSWORD}
        right["CA_FILE"] = str(front.ca)
        wrong = CONNECT[key]
        if wrong.get("URL") == "http":
            wrong = {"URL": front.url.replace("https", "http")}
        for name, value in (right | wrong).items():
            monkeypatch.setenv(f"ANALYTICS_CONNECT_{name}", value)
        said = stores.refused("analytics connectors")
        assert REMEDIES[list(CONNECT).index(key)] in said.text

        for name, value in right.items():
            monkeypatch.setenv(f"ANALYTICS_CONNECT_{name}", value)

        stores.passes("analytics connectors")


BROKER = {
    "kafka/login.py: {} speaks TLS only": ("login", {"SECURITY_PROTOCOL": "SASL_PLAINTEXT"}),
    "kafka/login.py: {} takes no login here": ("plain", {"SECURITY_PROTOCOL": "SASL_PLAINTEXT"}),
    "kafka/login.py: {} wants a login ({})": ("clear", {"SECURITY_PROTOCOL": "PLAINTEXT"}),
    "kafka/login.py: {} does not take {}": ("clear", {"SASL_MECHANISM": "SCRAM-SHA-256"}),
    "kafka/login.py: {} refuses user {} ({})": ("clear", {"PASSWORD": "hunter2"}),
    "settings/brokers.py: an address of a Kafka broker holds a user or a scheme": (
        "clear",
        {"BOOTSTRAP_SERVERS": "shop:hunter2@127.0.0.1:1"},
    ),
    "settings/brokers.py: {} is not known: {}": ("clear", {"SASL_MECHANISM": "GSSAPI"}),
    "settings/brokers.py: ANALYTICS_KAFKA_{} is set, and {} is {}, which does without": (
        "clear",
        {"SECURITY_PROTOCOL": "PLAINTEXT", "USERNAME": "me"},
    ),
}
SETTINGS = {
    "login": {"SECURITY_PROTOCOL": "SASL_SSL"},
    "plain": {"SECURITY_PROTOCOL": "PLAINTEXT"},
    "clear": {"SECURITY_PROTOCOL": "SASL_PLAINTEXT"},
}
LOGIN = {"USERNAME": secured.USER, "PASSWORD": secured.PASSWORD}


@walks(*BROKER)
@pytest.mark.parametrize("key", BROKER)
@pytest.mark.parametrize("command", ["analytics upgrade", "alembic upgrade head"])
def test_a_broker_with_tls_or_a_login(key, command, stores, guarded, monkeypatch):
    def use(values):
        for name in ("USERNAME", "PASSWORD", "CA_FILE"):
            monkeypatch.delenv(f"ANALYTICS_KAFKA_{name}", raising=False)
        for name, value in values.items():
            monkeypatch.setenv(f"ANALYTICS_KAFKA_{name}", value)

    listener, wrong = BROKER[key]
    right = {"BOOTSTRAP_SERVERS": getattr(guarded, listener), "SASL_MECHANISM": "PLAIN"}
    right |= SETTINGS[listener] | (LOGIN if listener != "plain" else {})
    right |= {"CA_FILE": str(guarded.ca)} if listener == "login" else {}
    wrong = right | LOGIN | wrong
    if wrong["SECURITY_PROTOCOL"] == "PLAINTEXT" and "wants a login" in key:
        wrong.pop("USERNAME")
    if listener == "login":
        wrong.pop("CA_FILE")
    make, drop = 'op.create_topic("${topic}")', 'op.drop_topic("${topic}")'
    stores.revise("postgres", "0001", make, drop)
    use(wrong)
    said = stores.refused(command, "ANALYTICS_KAFKA_")
    assert "hunter2" not in said.text

    use(right)

    stores.passes(command)
