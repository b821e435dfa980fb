"""The only client of ClickHouse: through the driver, or by plain HTTP where none is loaded."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from analytics.address import Address
from analytics.clickhouse import explain, sending

if TYPE_CHECKING:
    from sqlalchemy import URL

OFF = ("false", "False")


@contextmanager
def opened(url: URL, *, timeout: float) -> Iterator[Any]:
    """A driver's connection beside Alembic's, which waits for each answer for `timeout` seconds."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    driver = create_engine(url, poolclass=NullPool).raw_connection()
    sending.answers_within(driver, timeout)
    try:
        yield driver
    finally:
        driver.close()


def ask(connection: Any, query: str, **parameters: Any) -> list[Any]:
    """The rows of a query; `%(name)s` in it stands for a parameter.

    `connection` is the driver's own (DBAPI), whose errors are raised as they are. Without
    parameters a `%` is an ordinary character.
    """
    cursor = connection.cursor()
    cursor.execute(query, parameters or None)
    return list(cursor.fetchall() or [])


def one(connection: Any, query: str, **parameters: Any) -> Any:
    """The single value that a query returns; None without a row. The driver's errors, as `ask`."""
    rows = ask(connection, query, **parameters)
    return rows[0][0] if rows else None


def send(connection: Any, statement: str) -> None:
    """Send a statement as it is written: it has no parameters, and nothing logs its text."""
    connection.cursor().execute(statement)


def ask_by_http(address: Address, query: str, *, timeout: float) -> tuple[int, str]:
    """Status and text of the answer, by the standard library alone; Unreachable without an answer.

    The options `protocol`, `verify` and `endpoint` mean the same as for the driver.
    """
    path = f"/{address.options.get('endpoint', '')}?"
    path += urlencode({"database": address.database or "default", "wait_end_of_query": 1})
    credentials = b64encode(f"{address.user}:{address.password}".encode()).decode()
    connection = _connection(address, timeout)
    try:
        connection.request("POST", path, query, {"Authorization": f"Basic {credentials}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise explain.unreachable(address, str(error)) from None
    finally:
        connection.close()


def _connection(address: Address, timeout: float) -> HTTPConnection:
    host = address.host or "localhost"
    if address.options.get("protocol") != "https":
        return HTTPConnection(host, address.port, timeout=timeout)
    import ssl

    verify = address.options.get("verify", "true")
    authorities = verify if verify not in (*OFF, "true", "True") else None
    context = ssl.create_default_context(cafile=authorities)
    if verify in OFF:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, address.port, timeout=timeout, context=context)
