"""The URL of ClickHouse for SQLAlchemy's dialect; imports no Alembic."""

from __future__ import annotations

from sqlalchemy import URL, make_url

from analytics.settings import Settings


def sqlalchemy_url(settings: Settings) -> URL:
    """The URL of ANALYTICS_CLICKHOUSE_URL; SettingError if it is not set.

    The driver sends "None" for a user or a password that the URL lacks, so both are filled in.
    """
    url = make_url(settings.clickhouse_sqlalchemy_url)
    return url.set(username=url.username or "default", password=url.password or "")
