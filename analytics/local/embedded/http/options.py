"""A request's user and options, out of its URL, its headers and its form."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping

from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http.request import Request

RESERVED = {
    *{"query", "database", "default_format", "query_id", "user", "password", "quota_key", "role"},
    *{"session_id", "session_timeout", "session_check", "close_session", "stacktrace", "compress"},
    *{"decompress", "buffer_size", "wait_end_of_query", "client_protocol_version", "readonly"},
    *{"http_connection_timeout", "http_send_timeout", "http_receive_timeout"},
}
"""Parameters of the URL that are not settings."""
SETTING = re.compile(r"[A-Za-z_][\w.]*")
DENIED = "Authentication failed: password is incorrect, or there is no user with such name."


def options(request: Request, user: str, values: Mapping[str, str]) -> Options:
    """The options in a request; `values` are those of the URL and the form together."""
    headers = request.headers
    _check(values)
    return Options(
        query_id=values.get("query_id") or str(uuid.uuid4()),
        user=user,
        database=values.get("database") or headers.get("x-clickhouse-database", ""),
        format=values.get("default_format") or headers.get("x-clickhouse-format") or "TabSeparated",
        flags=values,
        settings={k: v for k, v in values.items() if _is_setting(k)},
        readonly=values.get("readonly") or "0",
        parameters={k[6:]: v for k, v in values.items() if k.startswith("param_")},
    )


def authenticate(request: Request, users: Mapping[str, str]) -> str:
    """The user's name; users without a password are known with an empty one."""
    name, password = _credentials(request)
    if users.get(name) != password:
        raise DBError(516, f"{name}: {DENIED}")
    return name


def _credentials(request: Request) -> tuple[str, str]:
    headers, values = request.headers, request.params
    if "x-clickhouse-user" in headers or "x-clickhouse-key" in headers:
        found = headers.get("x-clickhouse-user", ""), headers.get("x-clickhouse-key", "")
    elif "authorization" in headers:
        found = _basic(headers["authorization"])
    else:
        found = values.get("user", ""), values.get("password", "")
    return found[0] or "default", found[1]


def _basic(header: str) -> tuple[str, str]:
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        raise DBError(516, "Authentication failed: only Basic is supported.")
    try:
        text = base64.b64decode(coded, validate=True).decode()
    except ValueError:
        text = ""
    name, colon, password = text.partition(":")
    if not colon:
        raise DBError(516, "Authentication failed: the header is not NAME:PASSWORD in base64.")
    return name, password


def _is_setting(name: str) -> bool:
    return name not in RESERVED and not name.startswith("param_")


def _check(values: Mapping[str, str]) -> None:
    for name in filter(_is_setting, values):
        if not SETTING.fullmatch(name):
            raise DBError(115, f"Unknown setting '{name}'")
    for name in ("compress", "decompress"):
        if values.get(name, "0") not in {"0", "false", ""}:
            raise DBError(48, f"{name}=1 is not supported; use Accept- and Content-Encoding")
