"""ClickHouse's URL as its driver takes it: nothing of it is "None"."""

import pytest

from analytics.clickhouse import address
from analytics.errors import SettingError
from analytics.settings import Settings


def of(url):
    return address.sqlalchemy_url(Settings(clickhouse_url=url))


def test_a_user_and_a_password_that_are_not_given_are_default_and_empty():
    url = of("http://ch.example:8123/numbers")

    assert url.render_as_string(hide_password=False) == (
        "clickhouse+http://default:@ch.example:8123/numbers"
    )


def test_a_user_and_a_password_that_are_given_stay():
    url = of("https://me:hush@ch.example:8443/numbers")

    assert (url.username, url.password, url.query) == ("me", "hush", {"protocol": "https"})


def test_without_the_setting_it_is_named():
    with pytest.raises(SettingError, match="ANALYTICS_CLICKHOUSE_URL is not set"):
        of(None)
