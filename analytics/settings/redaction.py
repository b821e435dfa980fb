"""The redaction: the secrets of the settings, taken out of every text that others make."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from analytics.errors import AnalyticsError
from analytics.settings.value import ADDRESSES, SECRET_SETTINGS, Settings

HIDDEN = "***"
NEXT = re.compile(r",\s*(?=\w+://)")  # between two addresses; others may be in a password


def redact(settings: Settings, text: str) -> str:
    """A text without a secret of the settings, in whatever way it is written.

    A password that is the name of its user is no secret: local servers have such ones.
    """
    for secret, shown in sorted(set(_secrets(settings)), key=lambda each: -len(each[0])):
        for written in _spellings(secret):
            text = text.replace(written, shown)
    return text


def redacted(settings: Settings, error: AnalyticsError) -> AnalyticsError:
    """The same error, its text, its notes and its cause without a secret of the settings."""
    error.thing = redact(settings, error.thing)
    error.args = (f"{error.thing}: {error.remedy}",)
    if notes := getattr(error, "__notes__", None):
        error.__notes__ = [redact(settings, each) for each in notes]
    cause: BaseException | None = error.__cause__ or error.__context__
    while cause is not None:
        if redact(settings, str(cause)) != str(cause):
            error.__cause__, error.__context__ = None, None
            break
        cause = cause.__cause__ or cause.__context__
    return error


def named(settings: Settings) -> dict[str, str]:
    """The secrets that have a name and a value: of the settings, and of the project's own."""
    ours = {name: getattr(settings, name) for name in SECRET_SETTINGS}
    return {name: secret for name, secret in {**settings.secrets, **ours}.items() if secret}


def has_password(text: str) -> bool:
    """Whether an address holds a password."""
    return any(secret for _, secret in _passwords(text))


def _secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each secret, and what is shown in its place."""
    for name, secret in named(settings).items():
        yield secret, f"${{{name}}}"
    for user, secret in _of_addresses(settings):
        if secret not in ("", user):
            yield secret, HIDDEN
    if settings.connect_password:
        yield _basic(settings.connect_username or "", settings.connect_password), HIDDEN


def _of_addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    """User and password in each address, and both as a header of HTTP."""
    for name in ADDRESSES:
        for user, secret in _passwords(getattr(settings, name) or ""):
            yield user, secret
            yield "", _basic(user, secret)


def _passwords(text: str) -> Iterator[tuple[str, str]]:
    """User and password in addresses, also where one is not written as a URL should be."""
    for url in NEXT.split(text):
        rest = url.partition("://")[2] or url
        for before in (rest.rpartition("@")[0], rest.partition("/")[0].rpartition("@")[0]):
            user, separator, secret = before.partition(":")
            if separator:
                yield unquote(user), unquote(secret)
        for key, value in parse_qsl(urlsplit(url).query):
            if "password" in key:
                yield "", value


def _basic(user: str, password: str) -> str:
    """User and password as a header of HTTP has them."""
    return b64encode(f"{user}:{password}".encode()).decode()


def _spellings(secret: str) -> set[str]:
    """A secret as it is, and as URLs, SQL, JSON and the `repr` of Python write it."""
    escaped = secret.replace("\\", "\\\\")
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        secret.replace("'", "''"),
        escaped.replace("'", "''"),
        escaped.replace("'", "\\'"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
