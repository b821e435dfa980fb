"""The places of a named collection's keys among the arguments of a function or an engine."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals

ADDRESS = ("addresses_expr", "host", "hostname")
DATABASE = ("database", "db")
USER = ("user", "username")
TABLE = (ADDRESS, DATABASE, ("table",), USER, ("password",))
S3 = (("url",), ("access_key_id",), ("secret_access_key",), ("session_token",), ("format",))
URL = (("url",), ("format",), ("structure",), ("compression_method", "compression"))

POSITIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "POSTGRESQL": (*TABLE, ("schema",), ("on_conflict",)),
    "MYSQL": (*TABLE, ("replace_query",), ("on_duplicate_clause",)),
    "MONGODB": (ADDRESS, DATABASE, ("collection",), USER, ("password",), ("structure",)),
    "REMOTE": (*TABLE, ("sharding_key",)),
    "REMOTESECURE": (*TABLE, ("sharding_key",)),
    "S3": (*S3, ("structure",), ("compression_method", "compression")),
    "URL": URL,
    "DATABASE POSTGRESQL": (ADDRESS, DATABASE, USER, ("password",), ("schema",)),
    "DATABASE MYSQL": (ADDRESS, DATABASE, USER, ("password",)),
}
PORTS = {"POSTGRESQL": "5432", "MYSQL": "3306", "MONGODB": "27017"}
OPTIONAL = {"session_token", "on_conflict", "sharding_key"}
"""Keys that are left out, not filled in, when later ones are there."""
ELSEWHERE = {"port", "secure", "filename", "use_table_cache", "method", "connection_pool_size"}
"""Keys that have no position of their own."""


def arguments(callee: str, values: Mapping[str, str]) -> str:
    """The arguments in their order; `values` are SQL texts by key."""
    positions = POSITIONS.get(callee, ())
    _check(callee, positions, values)
    found = [_pick(names, values) for names in positions]
    while found and found[-1] is None:
        found.pop()
    pairs = [(names, text) for names, text in zip(positions, found, strict=False)]
    texts = [_text(callee, names, text, values) for names, text in pairs if _kept(names, text)]
    return ", ".join(texts)


def _check(callee: str, positions: tuple[tuple[str, ...], ...], values: Mapping[str, str]) -> None:
    known = {name for names in positions for name in names} | ELSEWHERE
    if unknown := sorted(set(values) - known):
        raise DBError(36, f"Unexpected key `{unknown[0]}` in named collection for {callee.lower()}")


def _pick(names: tuple[str, ...], values: Mapping[str, str]) -> str | None:
    return next((values[name] for name in names if name in values), None)


def _kept(names: tuple[str, ...], text: str | None) -> bool:
    return text is not None or names[0] not in OPTIONAL


def _text(callee: str, names: tuple[str, ...], text: str | None, values: Mapping[str, str]) -> str:
    if text is None:
        raise DBError(36, f"Required key `{names[-1]}` is missing in the named collection")
    if names is ADDRESS:
        return _address(callee, text, values)
    if names == ("url",) and "filename" in values:
        return literals.string(_bare(text) + _bare(values["filename"]))
    return text


def _address(callee: str, host: str, values: Mapping[str, str]) -> str:
    default = PORTS.get(callee.rsplit(maxsplit=1)[-1])
    port = values.get("port", default)
    if port is None or "addresses_expr" in values:
        return host
    return literals.string(f"{_bare(host)}:{_bare(port)}")


def _bare(text: str) -> str:
    """A literal's value; overrides come as SQL."""
    return text[1:-1] if text.startswith("'") else text
