"""Connections to the two databases, whose failures are errors of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, text

from analytics.clickhouse import failure as clickhouse_failure
from analytics.environment import STORES
from analytics.errors import AnalyticsError, StatementFailed
from analytics.postgres import failure as postgres_failure
from analytics.settings import Settings


@contextmanager
def postgres(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection on which every transaction is opened in so many words."""
    url = STORES["postgres"].url(settings)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connect_args = STORES["postgres"].connect_args
    try:
        with psycopg.connect(address, autocommit=True, **connect_args) as connection:
            yield connection
    except postgres_failure.RAISED as error:
        raise _in_the_demo(postgres_failure.translate(error, url)) from None


@contextmanager
def clickhouse(settings: Settings) -> Iterator[Connection]:
    """A connection over HTTP; one per thread."""
    url = STORES["clickhouse"].url(settings)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except clickhouse_failure.RAISED as error:
        raise _in_the_demo(clickhouse_failure.translate(error, url)) from None
    finally:
        engine.dispose()


def select(connection: Connection, query: str, **values: Any) -> Sequence[Any]:
    """The rows of a query to ClickHouse; `:name` in it stands for a value."""
    return connection.execute(text(query), values).all()


def _in_the_demo(error: AnalyticsError) -> AnalyticsError:
    """A refused statement is none of a revision here, so its remedy is another one."""
    if isinstance(error, StatementFailed):
        return StatementFailed(error.thing, "see whether the server is well and run the demo again")
    return error
