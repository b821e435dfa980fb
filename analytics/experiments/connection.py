"""Connections of the reports and the demo to both stores; a driver's error becomes one of ours.

Alembic is not imported here: a report does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, make_url, text

from analytics.clickhouse import address
from analytics.clickhouse import failure as clickhouse_failure
from analytics.errors import AnalyticsError, StatementFailed
from analytics.experiments.errors import NotMigrated
from analytics.postgres import failure as postgres_failure
from analytics.postgres import sessions
from analytics.settings import Settings

Explain = Callable[[AnalyticsError], AnalyticsError]
"""Gives the error to raise in place of a translated one."""

# the server answers when its result is complete: so an error is never read as a row
WHOLE = {"wait_end_of_query": 1}
DECIMALS = {"output_format_decimal_trailing_zeros": 1}
STREAM = {"stream": True, "ch_settings": WHOLE | DECIMALS}
LACKING = re.compile(r"Code: (47|60)\.")  # an unknown column, an unknown table


@contextmanager
def postgres(settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection in autocommit, on which the demo opens each transaction itself.

    SettingError without an address; what the driver raises in the block becomes an error of ours.
    """
    url = make_url(settings.postgres_sqlalchemy_url)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(dsn, autocommit=True, **sessions.CONNECT_ARGS) as connection:
            yield connection
    except postgres_failure.RAISED as error:
        raise _in_the_demo(postgres_failure.translate(error, url)) from None


def clickhouse(settings: Settings) -> AbstractContextManager[Connection]:
    """A connection of the demo over HTTP, one for each thread; errors as for `postgres`."""
    return _clickhouse(settings, {}, _in_the_demo)


def streaming(settings: Settings) -> AbstractContextManager[Connection]:
    """A connection of a report over HTTP, whose rows are read while they are used.

    Errors as for `postgres`, and NotMigrated if a table or a column is unknown.
    """
    return _clickhouse(settings, STREAM, _in_a_report)


def select(connection: Connection, query: str, **values: Any) -> Sequence[Any]:
    """The rows of a query to ClickHouse; `:name` in it stands for a value."""
    return connection.execute(text(query), values).all()


@contextmanager
def _clickhouse(
    settings: Settings, connect_args: dict[str, Any], explain: Explain
) -> Iterator[Connection]:
    url = address.sqlalchemy_url(settings)
    engine = create_engine(url, connect_args=connect_args)
    try:
        with engine.connect() as connection:
            yield connection
    except clickhouse_failure.RAISED as error:
        raise explain(clickhouse_failure.translate(error, url)) from None
    finally:
        engine.dispose()


def _in_the_demo(error: AnalyticsError) -> AnalyticsError:
    """The error with the demo's remedy: the refused statement is not one of a revision."""
    if isinstance(error, StatementFailed):
        return StatementFailed(error.thing, "check the server and run the demo again")
    return error


def _in_a_report(error: AnalyticsError) -> AnalyticsError:
    """The error with a report's remedy: the refused statement is not one of a revision."""
    if not isinstance(error, StatementFailed):
        return error
    if LACKING.search(error.thing):
        return NotMigrated(
            f"the schema lacks what the report reads ({error.thing})",
            "run `alembic -n clickhouse upgrade head`",
        )
    return StatementFailed(
        error.thing, "check ClickHouse, and PostgreSQL, which its dictionaries read"
    )
