"""The statements of a text for PostgreSQL, and the parts of an ALTER TABLE or a WITH."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analytics.sql.phrases import Phrase, runs
from analytics.sql.tokens import POSTGRES, Token, scan, unquoted

IDENTIFIER = r"(?:[A-Z_][\w$]*+|`)"
NAME = rf"(?>{IDENTIFIER}(?: \. {IDENTIFIER})*)"
"""A name in a shape."""

ALTER = (
    rf"ALTER (?:FOREIGN )?+TABLE (?:IF EXISTS )?+(?:ONLY )?+(?P<table>{NAME})(?: \*)?+ "
    r"(?P<commands>.+)"
)
CHANGES = ("DELETE", "UPDATE", "INSERT", "MERGE")
IN_BLOCKS = (*CHANGES, "TRUNCATE", "DROP", "ALTER", "EXECUTE")


def parts(text: str) -> Iterator[tuple[Phrase, Phrase | None]]:
    """The statements of a text; of an ALTER TABLE its commands, each with the table.

    A statement that begins with WITH counts as the changes that it makes, as does one in EXPLAIN
    ANALYZE or COPY; a DO block as those that its text has anywhere.
    """
    row = tuple(scan(POSTGRES, text.encode()))
    cuts = [token.start for token in row if token.text == b";" and token.depth == 0]
    for run in filter(None, runs(row, cuts)):
        statement = Phrase(run)
        if run[0].word == "DO":
            yield from _in_block(statement)
        elif match := statement.match(f"{ALTER}$"):
            table, commands = statement.part(match, "table"), statement.part(match, "commands")
            yield from ((command, table) for command in commands.split(b","))
        else:
            yield from ((change, None) for change in _changes(statement))


def folded(name: Token) -> str:
    """The name that an identifier stands for: in lower case, unless it is quoted."""
    return unquoted(name) if name.kind == "quoted" else name.text.decode().lower()


def _in_block(statement: Phrase) -> Iterator[tuple[Phrase, Phrase | None]]:
    """The parts of the statements in the text of a DO block, wherever they begin."""
    for body in (token for token in statement.tokens if token.kind in ("heredoc", "string")):
        text = body.text.decode(errors="replace")
        text = text.split("$", 2)[2].rsplit("$", 2)[0] if body.kind == "heredoc" else unquoted(body)
        row = tuple(scan(POSTGRES, text.encode()))
        ends = [token.start for token in row if token.text == b";"]
        for token in (token for token in row if token.word in IN_BLOCKS):
            end = next((each for each in ends if each > token.start), len(text.encode()))
            yield from parts(text.encode()[token.start : end].decode())


def _changes(statement: Phrase) -> Iterator[Phrase]:
    """The statement; of one that begins with WITH the changes in its brackets, and the last one."""
    first = statement.tokens[0].word
    if first in ("EXPLAIN", "COPY"):
        yield from _inside(statement)
        return
    if first != "WITH":
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


def _inside(statement: Phrase) -> Iterator[Phrase]:
    """The changes by the statement in a COPY (...) or EXPLAIN ANALYZE, which runs it."""
    row = statement.tokens
    runs_it = row[0].word == "COPY" or any(token.word == "ANALYZE" for token in row)
    begin = next((token for token in row if token.word in (*CHANGES, "WITH")), None)
    if runs_it and begin:
        end = next((t for t in row if t.start > begin.start and t.depth < begin.depth), None)
        yield from _changes(statement.between(begin.start, end.start if end else row[-1].end))
