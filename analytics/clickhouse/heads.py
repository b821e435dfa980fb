"""The revisions that ClickHouse is at, asked over HTTP with the standard library alone."""

from __future__ import annotations

import re
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode

from analytics.address import Address
from analytics.clickhouse import words

QUERY = "SELECT version_num FROM alembic_version FORMAT TabSeparated"
UNKNOWN_TABLE = "Code: 60."
OFF = ("false", "False")


def current(address: Address, *, timeout: float) -> tuple[str, ...]:
    """The heads that Alembic's view shows; none where it has never been made.

    The driver's options `protocol`, `verify` and `endpoint` mean what they mean there.
    """
    status, said = _ask(address, timeout)
    if status == 200:
        return tuple(said.split())
    if said.startswith(UNKNOWN_TABLE) and _names_the_view(said):
        return ()
    raise words.explain(said, address, remedy="let the user read the view alembic_version")


def _ask(address: Address, timeout: float) -> tuple[int, str]:
    """The status and the text of the answer."""
    where = f"/{address.options.get('endpoint', '')}?"
    where += urlencode({"database": address.database or "default", "wait_end_of_query": 1})
    user = b64encode(f"{address.user}:{address.password}".encode()).decode()
    connection = _connection(address, timeout)
    try:
        connection.request("POST", where, QUERY, {"Authorization": f"Basic {user}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise words.unreachable(address, str(error)) from None
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


def _names_the_view(said: str) -> bool:
    """Whether the view is unknown, and not the log behind it, without which it says nothing."""
    first = re.search(r"alembic_version\w*", said)
    return first is not None and first[0] == "alembic_version"
