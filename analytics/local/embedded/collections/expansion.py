"""Named collections in a statement, replaced by what they hold before the engine sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.local.embedded.collections import dictionary_source, kafka_engine
from analytics.local.embedded.collections.overrides import merged
from analytics.local.embedded.collections.positions import POSITIONS, arguments
from analytics.local.embedded.collections.registry import Collection
from analytics.local.embedded.sql import literals
from analytics.local.embedded.sql.edits import Edit, splice
from analytics.local.embedded.sql.scan import scan
from analytics.local.embedded.sql.statement import Statement
from analytics.sql.tokens import Token

SECRET = re.compile(r"passw|secret|token|credential|private|sasl|access_key", re.I)


@dataclass(frozen=True)
class Expanded:
    """The statement for the engine, and the values that no error may show."""

    statement: Statement
    secrets: frozenset[str] = frozenset()


def expand(statement: Statement, collections: Mapping[str, Collection]) -> Expanded:
    """Replace every use of a known collection; an unknown one is the engine's error 669."""
    if statement.words[:2] == ("EXPLAIN", "AST"):  # it would show what was put in
        return Expanded(statement)
    uses = list(_uses(statement.tokens, collections))
    if not uses:
        return Expanded(statement)
    text = splice(statement.text, [edit for _, edits in uses for edit in edits])
    return Expanded(scan(text), _secrets(collection for collection, _ in uses))


def _uses(
    row: Sequence[Token], collections: Mapping[str, Collection]
) -> Iterator[tuple[Collection, list[Edit]]]:
    for at, token in enumerate(row):
        if token.text != b"(" or at == 0:
            continue
        if dictionary_source.opens(row, at):
            collection, edit = dictionary_source.expanded(row, at, collections)
            yield collection, [edit]
        elif found := _first_argument(row, at, collections):
            yield found, _edits(row, at, found)


def _first_argument(
    row: Sequence[Token], at: int, collections: Mapping[str, Collection]
) -> Collection | None:
    """The collection that the bracket's first argument names, if its callee takes one."""
    callee = row[at - 1].word
    if (callee != "KAFKA" and callee not in POSITIONS) or at + 2 >= len(row):
        return None
    name, after = row[at + 1], row[at + 2]
    if not name.names or after.text not in (b",", b")"):
        return None
    return collections.get(literals.value(name))


def _edits(row: Sequence[Token], at: int, collection: Collection) -> list[Edit]:
    if row[at - 1].word == "KAFKA":
        return list(kafka_engine.expanded(row, at, collection))
    values, close = merged(row, at, collection)
    kind = "DATABASE " if row[1].word == "DATABASE" else ""
    text = arguments(kind + row[at - 1].word, values).encode("utf-8", "surrogateescape")
    return [(row[at].end, row[close].start, text)]


def _secrets(used: Iterator[Collection]) -> frozenset[str]:
    pairs = (pair for collection in used for pair in collection.values.items())
    return frozenset(value for key, value in pairs if value and SECRET.search(key))
