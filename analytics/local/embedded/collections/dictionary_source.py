"""`SOURCE(POSTGRESQL(NAME collection TABLE 't'))`, with the collection's keys spelled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.local.embedded.collections.overrides import check
from analytics.local.embedded.collections.registry import Collection
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals
from analytics.local.embedded.sql.cursor import Cursor
from analytics.local.embedded.sql.edits import Edit
from analytics.sql.tokens import Token

KEYS = {"username": "USER", "database": "DB", "hostname": "HOST"}
"""Keys with another name here."""


def opens(row: Sequence[Token], at: int) -> bool:
    """Whether the bracket at `at` opens a source that names a collection."""
    named = at + 1 < len(row) and row[at + 1].word == "NAME"
    return named and at > 2 and row[at - 2].text == b"(" and row[at - 3].word == "SOURCE"


def expanded(
    row: Sequence[Token], at: int, collections: Mapping[str, Collection]
) -> tuple[Collection, Edit]:
    """`NAME collection` as its keys and values, without those that the source has itself."""
    cursor = Cursor(row, at + 2)
    collection = _known(cursor.name(), collections)
    given = _given(cursor, row[at].depth + 1)
    check(collection, [key for key in collection.values if _key(key) in given])
    pairs = [
        f"{_key(key)} {literals.string(value)}"
        for key, value in collection.values.items()
        if _key(key) not in given
    ]
    text = " ".join(pairs).encode("utf-8", "surrogateescape")
    return collection, (row[at + 1].start, row[at + 2].end, text)


def _known(name: str, collections: Mapping[str, Collection]) -> Collection:
    if name not in collections:
        raise DBError(669, f"There is no named collection `{name}`.")
    return collections[name]


def _given(cursor: Cursor, depth: int) -> set[str]:
    """The keys of the source itself: every second token, unless a value has brackets."""
    given = set()
    while (token := cursor.token) and token.depth >= depth:
        if token.names and token.depth == depth:
            given.add(_key(literals.value(token)))
            cursor.at += 1
        cursor.at += 1
    return given


def _key(key: str) -> str:
    return KEYS.get(key.lower(), key.upper())
