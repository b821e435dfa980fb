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
    """A URL, or several servers with commas between, as it may be shown: without credentials."""
    return ",".join(_without_user(each) for each in url.split(","))


def _without_user(url: str) -> str:
    scheme, separator, rest = url.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
