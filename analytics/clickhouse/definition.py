"""A definition: one CREATE statement, and the statements that replace and drop its object."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analytics.clickhouse import clauses
from analytics.errors import DefinitionError
from analytics.sql.tokens import Token, identifier, literal, tokens

COMMENTED = ("TABLE", "MATERIALIZED VIEW", "VIEW", "DICTIONARY")
"""The kinds that carry a COMMENT: name, version and digest of their definition."""

ROWLESS = ("Kafka", "Distributed", "Merge", "Null", "PostgreSQL", "URL", "S3", "Dictionary", "View")
"""Engines of tables whose rows are somewhere else, or nowhere."""


@dataclass(frozen=True)
class Definition:
    """One CREATE statement, parsed as far as it is needed.

    What needs the AS of a view or a collection raises DefinitionError without one.
    """

    kind: str  # TABLE, MATERIALIZED VIEW, VIEW, DICTIONARY, FUNCTION or NAMED COLLECTION
    name: str
    text: str  # without the closing semicolon

    def create(self, label: str) -> str:
        """The statement to send; where the kind allows it, with the label as its COMMENT."""
        if self.kind not in COMMENTED:
            return self.text
        is_select = "VIEW" in self.kind or clauses.selects(self._tokens)
        return f"{self._parenthesised() if is_select else self.text}\nCOMMENT {literal(label)}"

    def replace(self) -> str:
        """The statement that creates the object, whether one of its name exists or not."""
        return f"{self._until(0)} OR REPLACE{self._after(0)}"

    def drop(self) -> str:
        """The statement that drops the object, if it exists."""
        kind = "VIEW" if "VIEW" in self.kind else self.kind
        return f"DROP {kind} IF EXISTS {self.name}"

    def assign(self, keys: Collection[str]) -> str:
        """For a named collection with these keys: the statement that makes it as it is here."""
        others = [identifier(key) for key in keys if key not in clauses.assigned(self._tokens)]
        rest = f" DELETE {', '.join(others)}" if others else ""
        return f"ALTER NAMED COLLECTION {self.name} SET {self._after(self._as).strip()}{rest}"

    def named(self, name: str) -> Definition:
        """The same definition under another name, which is given without quotes."""
        before, written = self._until(self._name - 1), identifier(name)
        return replace(self, name=written, text=f"{before} {written}{self._after(self._name)}")

    @property
    def select(self) -> str:
        """Of a view: its query."""
        return self._after(self._as).strip()

    @property
    def target(self) -> str | None:
        """Of a materialized view: the table that it writes TO; None if it keeps its rows itself."""
        return clauses.target(self._tokens[self._name + 1 :])

    @property
    def engine(self) -> str:
        """Of a table: the name of its engine, as it is written; "" if there is none."""
        place = clauses.engine(self._tokens)
        return "" if place is None else self._tokens[place].text.decode()

    @property
    def is_kafka(self) -> bool:
        """Whether this is a table of the Kafka engine."""
        return self.engine == "Kafka"

    @property
    def stores_rows(self) -> bool:
        """Whether dropping it loses rows: of a table that keeps them, and of a view without TO."""
        if self.kind == "MATERIALIZED VIEW":
            return self.target is None
        return self.kind == "TABLE" and self.engine not in ROWLESS

    @property
    def carries_rows(self) -> bool:
        """Whether it writes rows to another table as long as it exists."""
        return self.is_kafka or self.kind == "MATERIALIZED VIEW"

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(tokens(self.text.encode()))

    @property
    def _name(self) -> int:
        """The place of its name."""
        return 1 + len(self.kind.split())

    @property
    def _as(self) -> int:
        """The place of its AS; DefinitionError if there is none."""
        place = clauses.body(self._tokens)
        if place is None:
            raise DefinitionError(
                f"the definition of {self.name} has no AS", "write AS before its body"
            )
        return place

    def _until(self, place: int) -> str:
        """The text up to the end of the token at a place."""
        return self.text.encode()[: self._tokens[place].end].decode()

    def _after(self, place: int) -> str:
        """The text behind the token at a place."""
        return self.text.encode()[self._tokens[place].end :].decode()

    def _parenthesised(self) -> str:
        """With its SELECT in parentheses: a COMMENT behind `FROM t` reads as an alias."""
        return f"{self._until(self._as)}\n(\n{self.select}\n)"


def parse(name: str, text: str) -> Definition:
    """A definition's (filled) text; DefinitionError if it is not one CREATE of an object."""
    row = tuple(tokens(text.encode()))
    kind = clauses.kind(row)
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


def _single_statement(name: str, text: str, row: Sequence[Token]) -> str:
    ends = [token for token in row if token.text == b";"]
    if not ends:
        return text.strip()
    if row[-1] is not ends[0]:
        raise DefinitionError(
            f"the definition of {name} holds more than one statement", "split it into files"
        )
    return text.encode()[: ends[0].start].decode().strip()
