"""Addresses: what stands in a URL, and what of it is shown."""

import pytest

from analytics import address

URL = "clickhouse+http://me%40here:p%2Fss@[::1]:9000/my%20db?protocol=https&verify=false"


def test_every_part_is_unquoted():
    found = address.parse(URL, port=1, user="nobody")

    assert (found.host, found.port, found.database) == ("::1", 9000, "my db")
    assert (found.user, found.password) == ("me@here", "p/ss")
    assert found.options == {"protocol": "https", "verify": "false"}


def test_what_is_missing_is_the_default_or_empty():
    found = address.parse("postgresql:///shop", port=5432, user="me")

    assert (found.host, found.port, found.user, found.password) == ("", 5432, "me", "")


def test_a_password_is_never_shown():
    found = address.parse(URL, port=1, user="nobody")

    assert "p/ss" not in f"{found} {found!r}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://admin:hunter2@host:8083/connect", "http://host:8083/connect"),
        ("http://admin:p@ss@host:8083", "http://host:8083"),
        ("http://admin:p,w@host:8083", "http://host:8083"),
        ("http://admin:p/w@host:8083", "http://host:8083"),
        ("http://a:pw@one:8083,http://b:pw@two:8083", "http://two:8083"),
        ("me:pw@one:9092,two:9092", "one:9092,two:9092"),
        ("one:9092,me:p,w@two:9092", "two:9092"),
        ("http://host:8083", "http://host:8083"),
    ],
)
def test_credentials_are_left_out_of_what_is_shown(url, shown):
    assert address.without_user(url) == shown
