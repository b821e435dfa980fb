"""A connection to ClickHouse that hands results over as they come, or fails with our errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine

from analytics.clickhouse import failure
from analytics.environment import STORES
from analytics.errors import AnalyticsError, NotMigrated, StatementFailed
from analytics.settings import Settings

# the server answers when its result is complete: an error is then never taken for a row
WHOLE = {"wait_end_of_query": 1}
DECIMALS = {"output_format_decimal_trailing_zeros": 1}
LACKING = re.compile(r"Code: (47|60)\.")  # an unknown column, an unknown table


@contextmanager
def opened(settings: Settings) -> Iterator[Connection]:
    """A connection over HTTP whose rows are read while they are used."""
    url = STORES["clickhouse"].url(settings)
    engine = create_engine(url, connect_args={"stream": True, "ch_settings": WHOLE | DECIMALS})
    try:
        with engine.connect() as connection:
            yield connection
    except failure.RAISED as error:
        raise _in_a_report(failure.translate(error, url)) from None
    finally:
        engine.dispose()


def _in_a_report(error: AnalyticsError) -> AnalyticsError:
    """A refused statement is none of a revision here, so its remedy is another one."""
    if not isinstance(error, StatementFailed):
        return error
    if LACKING.search(error.thing):
        return NotMigrated(
            f"the schema lacks what the report reads ({error.thing})",
            "run `alembic -n clickhouse upgrade head`",
        )
    return StatementFailed(
        error.thing, "see whether ClickHouse, and PostgreSQL behind its dictionaries, is well"
    )
