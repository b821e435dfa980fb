"""PostgreSQL's lexer, as far as we need it; the statements of a text, and the parts of some."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analytics.sql.phrases import Phrase, runs
from analytics.sql.tokens import POSTGRES, scan

IDENTIFIER = r"(?:[A-Z_][\w$]*+|`)"
NAME = rf"(?>{IDENTIFIER}(?: \. {IDENTIFIER})*)"
"""A name in a shape."""

ALTER = (
    rf"ALTER (?:FOREIGN )?+TABLE (?:IF EXISTS )?+(?:ONLY )?+(?P<table>{NAME})(?: \*)?+ "
    r"(?P<commands>.+)"
)
CHANGES = ("DELETE", "UPDATE", "INSERT", "MERGE")


def parts(text: str) -> Iterator[tuple[Phrase, Phrase | None]]:
    """The statements of a text; of an ALTER TABLE its commands, each with the table.

    A statement that begins with WITH counts as the changes that it makes.
    """
    row = tuple(scan(POSTGRES, text.encode()))
    cuts = [token.start for token in row if token.text == b";" and token.depth == 0]
    for run in filter(None, runs(row, cuts)):
        statement = Phrase(run)
        if found := statement.match(f"{ALTER}$"):
            table = statement.part(found, "table")
            yield from ((each, table) for each in statement.part(found, "commands").split(b","))
        else:
            yield from ((each, None) for each in _changes(statement))


def _changes(statement: Phrase) -> Iterator[Phrase]:
    """The statement; of one that begins with WITH what is in its brackets, and what follows."""
    if statement.tokens[0].word != "WITH":
        yield statement
        return
    outer = statement.outer
    for opening, closing in pairwise(outer):
        inner = statement.between(opening.end, closing.start)
        if opening.text == b"(" and inner.tokens and inner.tokens[0].word in CHANGES:
            yield inner
    last = next((token for token in outer if token.word in CHANGES), None)
    if last:
        yield statement.between(last.start, statement.tokens[-1].end)
