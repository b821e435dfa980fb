"""Named collections in a statement, replaced by what they hold before the engine sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.embedded import literals
from analytics.embedded.cursor import Cursor
from analytics.embedded.errors import DBError
from analytics.embedded.named_collections import Collection
from analytics.embedded.positions import POSITIONS, arguments
from analytics.embedded.scan import Statement, scan, splice
from analytics.embedded.tokens import Token

Edit = tuple[int, int, bytes]
SECRET = re.compile(r"passw|secret|token|credential|private|sasl|access_key", re.I)
KAFKA_SETTING = re.compile(r"kafka_|format_|input_format_|date_time_")
SOURCE_KEYS = {"username": "USER", "database": "DB", "hostname": "HOST"}
"""Keys whose name in a dictionary's SOURCE is another."""


@dataclass(frozen=True)
class Expanded:
    """The statement for the engine, and the values that no error may show."""

    statement: Statement
    secrets: frozenset[str] = frozenset()


def expand(statement: Statement, collections: Mapping[str, Collection]) -> Expanded:
    """Replace every use of a known collection; an unknown one is the engine's error 669."""
    if statement.words[:2] == ("EXPLAIN", "AST"):  # it would show what was put in
        return Expanded(statement)
    edits: list[Edit] = []
    used: list[Collection] = []
    for at, token in enumerate(statement.tokens):
        if token.text != b"(" or not at or not (use := _use(statement.tokens, at, collections)):
            continue
        collection, found = use
        used.append(collection)
        edits += found
    if not edits:
        return Expanded(statement)
    return Expanded(scan(splice(statement.text, edits)), _secrets(used))


def _use(
    row: Sequence[Token], at: int, collections: Mapping[str, Collection]
) -> tuple[Collection, list[Edit]] | None:
    """The use that the bracket at `at` opens, if it is one."""
    inside = Cursor(row, at + 1)
    if inside.peek("NAME") and row[at - 2].text == b"(" and row[at - 3].word == "SOURCE":
        return _source(row, at, collections)
    callee = row[at - 1].word
    if not (inside.token and inside.token.names) or not _last(row[at + 2 :]):
        return None
    if callee != "KAFKA" and callee not in POSITIONS:
        return None
    if not (collection := collections.get(literals.value(inside.token))):
        return None
    if callee == "KAFKA":
        return collection, [*_kafka(row, at, collection)]
    return collection, [_function(row, at, collection)]


def _last(rest: Sequence[Token]) -> bool:
    """Whether a first argument ends here."""
    return bool(rest) and rest[0].text in (b",", b")")


def _function(row: Sequence[Token], at: int, collection: Collection) -> Edit:
    """`postgresql(name, key = value, ...)` with its arguments in their order."""
    given, close = _overrides(row, at, collection)
    database = len(row) > 1 and row[1].word == "DATABASE"
    callee = ("DATABASE " if database else "") + row[at - 1].word
    values = {**{k: literals.string(v) for k, v in collection.values.items()}, **given}
    return (
        row[at].end,
        row[close].start,
        arguments(callee, values).encode("utf-8", "surrogateescape"),
    )


def _kafka(row: Sequence[Token], at: int, collection: Collection) -> Iterator[Edit]:
    """`Kafka(name, key = value)`: its arguments are settings, and the statement's own win."""
    given, close = _overrides(row, at, collection)
    start = _settings(row, close)
    explicit = _setting_names(row, start)
    values = {**{k: literals.string(v) for k, v in collection.values.items()}, **given}
    pairs = [
        f"{key} = {value}"
        for key, value in values.items()
        if KAFKA_SETTING.match(key) and key not in explicit
    ]
    text = ", ".join(pairs).encode("utf-8", "surrogateescape")
    if start is None:
        yield row[at].start, row[close].end, b" SETTINGS " + text if text else b""
        return
    yield row[at].start, row[close].end, b""
    if text:
        yield row[start].end, row[start].end, b" " + text + b","


def _settings(row: Sequence[Token], close: int) -> int | None:
    found = (
        at for at in range(close, len(row)) if row[at].word == "SETTINGS" and not row[at].depth
    )
    return next(found, None)


def _setting_names(row: Sequence[Token], start: int | None) -> set[str]:
    if start is None:
        return set()
    pairs = zip(row[start:], row[start + 1 :], strict=False)
    return {literals.value(name) for name, sign in pairs if name.names and sign.text == b"="}


def _source(
    row: Sequence[Token], at: int, collections: Mapping[str, Collection]
) -> tuple[Collection, list[Edit]]:
    """`SOURCE(POSTGRESQL(NAME name TABLE 't' ...))` with the collection's keys spelled out."""
    cursor = Cursor(row, at + 2)
    collection = _known(cursor.name(), collections)
    given = set()
    while cursor.token and not cursor.peek(")"):
        if cursor.token.names and cursor.token.depth == row[at].depth + 1:
            given.add(_source_key(literals.value(cursor.token)))
            cursor.at += 1
        cursor.at += 1
    _check_overrides(collection, {key for key in collection.values if _source_key(key) in given})
    pairs = [
        f"{_source_key(key)} {literals.string(value)}"
        for key, value in collection.values.items()
        if _source_key(key) not in given
    ]
    text = " ".join(pairs).encode("utf-8", "surrogateescape")
    return collection, [(row[at + 1].start, row[at + 2].end, text)]


def _known(name: str, collections: Mapping[str, Collection]) -> Collection:
    """The collection of this name."""
    if name not in collections:
        raise DBError(669, f"There is no named collection `{name}`.")
    return collections[name]


def _source_key(key: str) -> str:
    return SOURCE_KEYS.get(key.lower(), key.upper())


def _overrides(row: Sequence[Token], at: int, collection: Collection) -> tuple[dict[str, str], int]:
    """The `key = expression` arguments as text, and where the closing bracket is."""
    given: dict[str, str] = {}
    depth = row[at].depth
    close = next(
        i for i in range(at + 1, len(row)) if row[i].text == b")" and row[i].depth == depth
    )
    cursor = Cursor(row, at + 2)
    while cursor.at < close:
        cursor.expect(",")
        key = cursor.name()
        cursor.expect("=")
        start = cursor.at
        while cursor.at < close and not (cursor.peek(",") and row[cursor.at].depth == depth + 1):
            cursor.at += 1
        given[key] = _text(row[start : cursor.at])
    _check_overrides(collection, given)
    return given, close


def _text(piece: Sequence[Token]) -> str:
    return b" ".join(token.text for token in piece).decode("utf-8", "surrogateescape")


def _check_overrides(collection: Collection, keys: Mapping[str, str] | set[str]) -> None:
    for key in keys:
        if collection.overridable.get(key) is False:
            raise DBError(36, f"Override not allowed for '{key}'")


def _secrets(used: list[Collection]) -> frozenset[str]:
    pairs = (pair for collection in used for pair in collection.values.items())
    return frozenset(value for key, value in pairs if value and SECRET.search(key))
