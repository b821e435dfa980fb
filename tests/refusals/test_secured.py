"""Servers that want TLS or a user: each mistake is named, and its remedy is enough."""

import os

import pytest

from tests.kafka import front as fronts
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
