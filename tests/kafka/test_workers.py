"""Workers behind TLS and a user, several of them, and addresses that cannot be used."""

import time
from contextlib import nullcontext
from urllib.parse import quote

import pytest
import trustme

from analytics.errors import AnalyticsError, ConnectRefused, SettingError, Unreachable
from analytics.kafka import connect as client
from analytics.kafka import workers
from analytics.kafka.connect import Connect
from analytics.settings import Settings
from tests.kafka import front as fronts
from tests.kafka.front import PASSWORD, USER
from tests.kafka.worker import CLOSED, answering

pytestmark = pytest.mark.slow  # workers that keep a client waiting

OK = (200, b'{"name": "c"}')
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def front(tmp_path):
    """A front with TLS and a user before a worker that always says yes."""
    with answering((OK,)) as worker, fronts.standing(worker.url, tmp_path) as made:
        yield made


def test_a_worker_behind_tls_and_a_user_is_reached(front):
    settings = Settings(
        connect_url=f"{front.url}/",
        connect_username=USER,
        connect_password=PASSWORD,
        connect_ca_file=str(front.ca),
    )

    assert client.of(settings).get("/connectors/c") == {"name": "c"}
    assert front.requests == [("GET", "/connectors/c")]


def test_user_and_password_may_stand_in_the_address(front):
    user = f"{USER}:{quote(PASSWORD, safe='')}@"

    connect = Connect(front.url.replace("//", f"//{user}"), ca_file=str(front.ca))

    assert connect.get("/connectors/c") == {"name": "c"}
    assert PASSWORD not in repr(connect) and quote(PASSWORD) not in repr(connect)


@pytest.mark.parametrize(
    ("change", "said", "remedy"),
    [
        ({"ca_file": None}, "do not agree on TLS", "ANALYTICS_CONNECT_CA_FILE name a file"),
        ({"password": "wrong"}, "with 401", "correct ANALYTICS_CONNECT_USERNAME"),
        ({"username": None}, "with 401", "correct ANALYTICS_CONNECT_USERNAME"),
        ({"url": "http"}, "speaks TLS only", "write https:// in ANALYTICS_CONNECT_URL"),
        ({"url": "https://localhost"}, "do not agree on TLS", "the name that its certificate is"),
    ],
)
def test_what_is_wrong_is_said_at_once_with_its_remedy(change, said, remedy, front):
    _, _, port = front.url.rpartition(":")
    url = {"http": f"http://127.0.0.1:{port}", "https://localhost": f"https://localhost:{port}"}
    given = {"username": USER, "password": PASSWORD, "ca_file": str(front.ca)} | change
    given["url"] = url.get(change.get("url", ""), front.url)
    began = time.monotonic()

    with pytest.raises(AnalyticsError, match=said) as raised:
        Connect(**given).get("/connectors/c")

    assert remedy in raised.value.remedy
    assert time.monotonic() - began < 5


def test_a_server_without_tls_is_told_from_one_that_is_not_there():
    with answering((OK,)) as worker, pytest.raises(Unreachable, match="agree on TLS") as raised:
        Connect(worker.url.replace("http", "https")).get("/connectors/c")

    assert "if it speaks no TLS, write http:// in ANALYTICS_CONNECT_URL" in raised.value.remedy


def test_another_authority_is_not_trusted(front, tmp_path):
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    with pytest.raises(Unreachable, match="agree on TLS"):
        Connect(front.url, ca_file=str(other)).get("/connectors/c")


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_of_authorities_that_cannot_be_read_is_named(text, tmp_path):
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text)

    with pytest.raises(SettingError, match=f"ANALYTICS_CONNECT_CA_FILE={file} cannot be read"):
        Connect("https://127.0.0.1:1", ca_file=str(file))


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8083", "ftp://h:1", "http://", "http://u:p/w@h:1", "http://a:1,b:2"]
)
def test_an_address_that_cannot_be_used_is_refused_and_not_shown(url):
    with pytest.raises(SettingError, match="ANALYTICS_CONNECT_URL") as raised:
        Connect(url)

    assert "http://host:port" in raised.value.remedy
    assert "p/w" not in str(raised.value)


def test_several_workers_are_told_apart_even_where_a_password_has_a_comma():
    found = workers.parse("http://u:a,b@one:1/x/ , https://two, http://[::1]:3", None, None)

    assert [each.url for each in found] == ["http://one:1/x", "https://two", "http://[::1]:3"]
    assert [each.auth for each in found] == [(b"u", b"a,b"), None, None]
    assert [each.host for each in found] == [("one", 1), ("two", 443), ("::1", 3)]


def test_the_first_worker_that_can_be_reached_is_used():
    with answering((OK,)) as worker:
        connect = Connect(f"{NOBODY},{worker.url}")
        connect.get("/connectors/c")
        connect.post("/connectors", {})

    assert len(worker.requests) == 2
    assert connect.workers[0].url == worker.url


def test_a_worker_that_is_gone_is_followed_by_the_next_one():
    with answering((OK,)) as second:
        with answering((OK,)) as first:
            connect = Connect(f"{first.url},{second.url}")
            connect.get("/connectors/c")
        began = time.monotonic()
        connect.post("/connectors", {})

    assert [method for method, *_ in second.requests] == ["POST"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(("method", "count"), [("get", 1), ("put", 1), ("post", 0)])
def test_what_is_safe_to_repeat_goes_to_the_next_worker_when_one_dies_over_it(method, count):
    with answering((OK,)) as second, answering((CLOSED,)) as first:
        connect = Connect(f"{first.url},{second.url}")
        with nullcontext() if count else pytest.raises(Unreachable):
            getattr(connect, method)("/connectors")

    assert len(second.requests) == count


def test_all_workers_are_named_when_none_can_be_reached():
    with pytest.raises(
        Unreachable, match=r"at http://127\.0\.0\.1:1, http://127\.0\.0\.1:2 does not"
    ):
        Connect(f"{NOBODY},http://u:hunter2@127.0.0.1:2").get("/connectors")


def test_a_user_without_a_password_is_refused():
    with pytest.raises(SettingError, match="ANALYTICS_CONNECT_PASSWORD is not set"):
        client.of(Settings(connect_url=NOBODY, connect_username=USER))


def test_a_refusal_does_not_show_what_was_sent(front):
    with pytest.raises(ConnectRefused) as raised:
        Connect(front.url, USER, "hunter2", str(front.ca)).get("/connectors")

    assert "hunter2" not in str(raised.value)
