"""The `key = expression` arguments beside a named collection: what they say wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analytics.local.embedded.collections.registry import Collection
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals
from analytics.local.embedded.sql.cursor import Cursor
from analytics.sql.tokens import Token


def merged(row: Sequence[Token], at: int, collection: Collection) -> tuple[dict[str, str], int]:
    """Values by key, as SQL, and where the bracket that opens at `at` is closed."""
    close = _close(row, at)
    given = dict(_pairs(Cursor(row[:close], at + 2), row[at].depth + 1))
    check(collection, given)
    own = {key: literals.string(value) for key, value in collection.values.items()}
    return {**own, **given}, close


def check(collection: Collection, keys: Iterable[str]) -> None:
    """Raise if one of the keys is NOT OVERRIDABLE."""
    for key in keys:
        if collection.overridable.get(key) is False:
            raise DBError(36, f"Override not allowed for '{key}'")


def _pairs(cursor: Cursor, depth: int) -> Iterable[tuple[str, str]]:
    while cursor.token:
        cursor.expect(",")
        key = cursor.name()
        cursor.expect("=")
        yield key, _expression(cursor, depth)


def _expression(cursor: Cursor, depth: int) -> str:
    """The text up to the next comma of this depth."""
    start = cursor.at
    while (token := cursor.token) and not (token.text == b"," and token.depth == depth):
        cursor.at += 1
    if cursor.at == start:
        raise cursor.error("an expression")
    text = b" ".join(token.text for token in cursor.row[start : cursor.at])
    return text.decode("utf-8", "surrogateescape")


def _close(row: Sequence[Token], at: int) -> int:
    depth = row[at].depth
    for place in range(at + 1, len(row)):
        if row[place].text == b")" and row[place].depth == depth:
            return place
    raise Cursor(row, len(row)).error("a closing bracket")
