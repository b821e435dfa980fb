"""A definition's text as the statements that create, describe and drop its object."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analytics.errors import DefinitionError
from analytics.sql.tokens import Token, plain, tokens

KINDS = (
    ("TABLE",),
    ("MATERIALIZED", "VIEW"),
    ("VIEW",),
    ("DICTIONARY",),
    ("FUNCTION",),
    ("NAMED", "COLLECTION"),
)
COMMENTED = ("TABLE", "MATERIALIZED VIEW", "VIEW", "DICTIONARY")
"""The kinds that carry a COMMENT: name, version and digest of their definition."""

ROWLESS = ("Kafka", "Distributed", "Merge", "Null", "PostgreSQL", "URL", "S3", "Dictionary", "View")
"""Engines of tables whose rows are somewhere else, or nowhere."""

GROUP_ARGUMENT = 2  # of Kafka('brokers', 'topics', 'group', 'format'), from 0


@dataclass(frozen=True)
class Definition:
    """One CREATE statement, taken apart as far as we need it."""

    kind: str  # TABLE, MATERIALIZED VIEW, VIEW, DICTIONARY, FUNCTION or NAMED COLLECTION
    name: str
    text: str  # without the closing semicolon

    def create(self, label: str) -> str:
        """The statement to send; where the kind allows it, with the label as its COMMENT."""
        if self.kind not in COMMENTED:
            return self.text
        body = self._parenthesised() if "VIEW" in self.kind else self.text
        return f"{body}\nCOMMENT '{label}'"

    def replace(self) -> str:
        """The statement that makes it whatever is there."""
        return f"{self._until(0)} OR REPLACE{self._after(0)}"

    def drop(self) -> str:
        """The statement that removes the object and finds nothing to do if it is gone."""
        kind = "VIEW" if "VIEW" in self.kind else self.kind
        return f"DROP {kind} IF EXISTS {self.name}"

    def assign(self) -> str:
        """For a named collection that exists: the statement that gives it our values."""
        return f"ALTER NAMED COLLECTION {self.name} SET {self._after(self._as).strip()}"

    def named(self, name: str) -> Definition:
        """The same under another name."""
        before = self._until(self._name - 1)
        return replace(self, name=name, text=f"{before} {name}{self._after(self._name)}")

    @property
    def select(self) -> str:
        """Of a view: what it selects."""
        return self._after(self._as).strip()

    @property
    def target(self) -> str | None:
        """Of a materialized view: the table that it writes TO; None if it keeps its rows itself."""
        to, *name = self._tokens[self._name + 1 : self._name + 3]
        return plain(name[0].text.decode()) if to.word == "TO" and name else None

    @property
    def engine(self) -> str:
        """Of a table: its engine, as it is written; "" if it names none."""
        place = _engine(self._tokens)
        return "" if place is None else self._tokens[place].text.decode()

    @property
    def is_kafka(self) -> bool:
        """Whether this is a table of the Kafka engine."""
        return self.engine == "Kafka"

    @property
    def stores_rows(self) -> bool:
        """Whether rows are gone with it: tables that keep them, and views without TO."""
        if self.kind == "MATERIALIZED VIEW":
            return self.target is None
        return self.kind == "TABLE" and self.engine not in ROWLESS

    @property
    def carries_rows(self) -> bool:
        """Whether it writes rows elsewhere as long as it is there."""
        return self.is_kafka or self.kind == "MATERIALIZED VIEW"

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(tokens(self.text.encode()))

    @property
    def _name(self) -> int:
        """Which token its name is."""
        return 1 + len(self.kind.split())

    @property
    def _as(self) -> int:
        """Which token the AS is, outside of brackets."""
        row = enumerate(self._tokens)
        place = next((n for n, token in row if token.word == "AS" and not token.depth), None)
        if place is None:
            raise DefinitionError("no AS in the definition", "write AS before what it holds")
        return place

    def _until(self, place: int) -> str:
        """The text up to the end of a token."""
        return self.text.encode()[: self._tokens[place].end].decode()

    def _after(self, place: int) -> str:
        """The text behind a token."""
        return self.text.encode()[self._tokens[place].end :].decode()

    def _parenthesised(self) -> str:
        """A view with its SELECT in parentheses: a COMMENT behind `FROM t` reads as an alias."""
        return f"{self._until(self._as)}\n(\n{self.select}\n)"


def parse(name: str, text: str) -> Definition:
    """A definition's (filled) text; DefinitionError if it is not one CREATE of an object."""
    row = tuple(tokens(text.encode()))
    kind = _kind(row)
    if kind is None:
        raise DefinitionError(
            f"the definition of {name} does not begin with CREATE",
            "write one CREATE TABLE, MATERIALIZED VIEW, VIEW, DICTIONARY, FUNCTION or "
            "NAMED COLLECTION, without OR REPLACE and IF NOT EXISTS",
        )
    named, *rest = row[1 + len(kind) :]
    if rest and rest[0].text == b".":
        raise DefinitionError(
            f"the definition of {name} names a database",
            "leave it out: objects live in the database that the URL names",
        )
    return Definition(" ".join(kind), named.text.decode(), _single_statement(name, text, row))


def consumer_group(text: str) -> str | None:
    """The consumer group that the CREATE of a Kafka table names; None if it names none itself.

    It stands in the setting `kafka_group_name`, or is the third argument of the engine.
    """
    row = tuple(tokens(text.encode()))
    for setting, sign, value in zip(row, row[1:], row[2:], strict=False):
        if setting.word == "KAFKA_GROUP_NAME" and sign.text == b"=" and value.kind == "string":
            return _unquoted(value)
    place = _engine(row)
    texts = [] if place is None else list(_texts(row[place + 1 :]))
    return texts[GROUP_ARGUMENT] if len(texts) > GROUP_ARGUMENT else None


def _kind(row: Sequence[Token]) -> tuple[str, ...] | None:
    """What is created, if it is one of ours, by a name of its own and without conditions."""
    words = tuple(token.word for token in row[:4])
    for kind in KINDS:
        if words[: 1 + len(kind)] == ("CREATE", *kind) and len(row) > 1 + len(kind):
            name = row[1 + len(kind)]
            return kind if name.kind == "word" and name.word != "IF" else None
    return None


def _single_statement(name: str, text: str, row: Sequence[Token]) -> str:
    ends = [token for token in row if token.text == b";"]
    if not ends:
        return text.strip()
    if row[-1] is not ends[0]:
        raise DefinitionError(
            f"the definition of {name} holds more than one statement", "split it into files"
        )
    return text.encode()[: ends[0].start].decode().strip()


def _engine(row: Sequence[Token]) -> int | None:
    """Which token the name of the table's engine is; the sign before it may be left out."""
    for place in range(len(row) - 1):
        if row[place].word == "ENGINE" and not row[place].depth:
            return place + 1 + (row[place + 1].text == b"=")
    return None


def _texts(row: Sequence[Token]) -> list[str]:
    """The strings in the brackets with which a row begins."""
    found: list[str] = []
    for token in row[1:] if row and row[0].text == b"(" else ():
        if token.text == b")" and not token.depth:
            break
        if token.kind == "string":
            found.append(_unquoted(token))
    return found


def _unquoted(token: Token) -> str:
    return re.sub(r"\\(.)|''", lambda m: m[1] or "'", token.text.decode()[1:-1])
