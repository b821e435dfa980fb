"""The workers of Kafka Connect: their addresses, and the user, as the settings give them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from analytics.address import without_user
from analytics.errors import SettingError

VARIABLE = "ANALYTICS_CONNECT_URL"
NEXT = re.compile(r"\s*,\s*(?=\w+://)")  # a comma in a password is none between two workers
WANTED = "write http://host:port or https://host:port; several workers with commas between"
QUOTED = ", and special characters of user and password as %XX"


Auth = tuple[bytes, bytes] | None


@dataclass(frozen=True)
class Worker:
    """The address of a worker without a user, and the user in bytes as they are sent."""

    url: str
    auth: Auth = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """The address as it may be shown."""
        return without_user(self.url)

    @property
    def is_encrypted(self) -> bool:
        """Whether it is asked over TLS."""
        return self.url.startswith("https:")

    @property
    def host(self) -> tuple[str, int]:
        """Its host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if self.is_encrypted else 80)


def parse(urls: str, user: str | None, password: str | None) -> tuple[Worker, ...]:
    """The workers of a setting, in their order; SettingError for an address that is none.

    User and password in an address are for this worker, unless `user` is given.
    """
    given = (user.encode(), (password or "").encode()) if user else None
    return tuple(_worker(url, given) for url in NEXT.split(urls.strip(" ,")))


def _worker(url: str, given: Auth) -> Worker:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text may hold a part of the password
        raise SettingError(
            f"the port in {VARIABLE} is not a number up to 65535",
            f"{WANTED}{QUOTED}",
        ) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.path:
        raise SettingError(f"{VARIABLE} holds what is no URL of HTTP", f"{WANTED}{QUOTED}")
    own = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    whole = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
    return Worker(whole, given or (own if parts.username is not None else None))
