"""The address of a server and its user, parsed from a URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Address:
    """The parts of a URL, unquoted; "" is a missing one. `repr` and `str` hide the password."""

    host: str
    port: int
    user: str
    database: str
    password: str = field(default="", repr=False)
    options: dict[str, str] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.database}"


def parse(url: str, *, port: int, user: str) -> Address:
    """The address in a URL; `port` and `user` are the defaults."""
    parts = urlsplit(url)
    return Address(
        host=parts.hostname or "",
        port=parts.port or port,
        user=unquote(parts.username or user),
        database=unquote(parts.path.lstrip("/")),
        password=unquote(parts.password or ""),
        options=dict(parse_qsl(parts.query)),
    )


def without_user(url: str) -> str:
    """An address as it may be shown: nothing up to its last `@`, whatever the password has in it.

    Of several servers with commas between, those before a user are left out, too.
    """
    scheme, separator, rest = url.partition("://") if "://" in url else ("", "", url)
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
