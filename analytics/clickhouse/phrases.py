"""The statements of a text, and the commands of an ALTER TABLE, as runs of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analytics.clickhouse.tokens import Token, tokens

SIGNS = {"string": "'", "quoted": "`", "number": "0", "heredoc": "$"}
IDENTIFIER = r"(?:[A-Z_][\w$]*+|`|\{ \})"
NAME = rf"(?>{IDENTIFIER}(?: \. {IDENTIFIER})*)"
"""A name in a shape; braces are a query parameter."""

ALTER = rf"ALTER (?:TEMPORARY )?+TABLE (?P<table>{NAME})(?: ON CLUSTER [^ ]+)?+ (?P<commands>.+?)"
SETTINGS = rf"(?: SETTINGS {NAME} = .*)?"
COMMAND = (
    r"(?:ADD|DROP|CLEAR|MODIFY|ALTER|RENAME|MATERIALIZE|RESET|REMOVE|ATTACH|DETACH|REPLACE|MOVE"
    r"|FETCH|FORGET|APPLY|UNLOCK|EXPORT) (?!AS |FROM )[A-Z].*"
    rf"|COMMENT COLUMN.*|DELETE (?:WHERE|IN).*|UPDATE {NAME} =.*|(?:UN)?FREEZE.*"
)
LIST = (
    r"UPDATE.*|MODIFY (?:QUERY|TTL).*|(?:.* )?(?:MODIFY|RESET) SETTING.*"
    r"|(?:ADD|DROP|MODIFY|CLEAR|MATERIALIZE) STATISTICS.*"
)
"""The commands that hold commas of their own."""
NOT_PARALLEL = {"FILL", "TOTALS", "TIES", "ROLLUP", "CUBE"}
"""What follows WITH where PARALLEL before it is a name."""


@dataclass(frozen=True)
class Phrase:
    """A run of tokens; patterns are matched against its shape."""

    tokens: tuple[Token, ...]

    def __str__(self) -> str:
        """Its text on one line, spaced our way."""
        return "".join(
            token.text.decode(errors="replace") + _gap(token, after)
            for token, after in zip(self.tokens, (*self.tokens[1:], None), strict=True)
        )

    @cached_property
    def outer(self) -> tuple[Token, ...]:
        """The tokens outside brackets."""
        depth = min((token.depth for token in self.tokens), default=0)
        return tuple(token for token in self.tokens if token.depth == depth)

    @cached_property
    def shape(self) -> str:
        """What is outside brackets, one blank apart: words in upper case, a sign for the rest."""
        return " ".join(_sign(token) for token in self.outer)

    @cached_property
    def names(self) -> set[str]:
        """All that may be an identifier, or a part of one."""
        quoted = (token.text.decode() for token in self.tokens if token.names)
        return {part for text in quoted for part in text.strip('`"').split(".")}

    def match(self, pattern: str) -> re.Match[str] | None:
        """Match its shape's beginning, up to a whole token."""
        return re.match(rf"(?:{pattern})(?= |$)", self.shape, re.S)

    def part(self, match: re.Match[str], group: str) -> Phrase:
        """The tokens that a group stands for."""
        last = self.shape.count(" ", 0, match.end(group))
        first = last - match[group].strip().count(" ")
        return self.between(self.outer[first].start, self.outer[last].end)

    def between(self, start: int, end: int) -> Phrase:
        """The tokens from one place in the text to another."""
        return Phrase(tuple(t for t in self.tokens if start <= t.start and t.end <= end))

    def split(self, sign: bytes) -> list[Phrase]:
        """What stands between the signs that are outside brackets."""
        cuts = [token.start for token in self.outer if token.text == sign]
        return [Phrase(run) for run in _runs(self.tokens, cuts) if run] or [self]


def statements(text: str) -> list[Phrase]:
    """The statements of a text, also those that PARALLEL WITH joins."""
    row = tuple(tokens(text.encode()))
    around = zip((None, *row), row, (*row[1:], None), strict=False)
    cuts = [token.start for before, token, after in around if _ends(before, token, after)]
    return [Phrase(run) for run in _runs(row, cuts) if run]


def alter(statement: Phrase) -> tuple[Phrase, list[Phrase]] | None:
    """The table of an ALTER TABLE, and its commands."""
    found = statement.match(f"{ALTER}{SETTINGS}$")
    if not found:
        return None
    table, commands = statement.part(found, "table"), statement.part(found, "commands")
    if found["commands"].startswith("("):
        return table, [Phrase(piece.tokens[1:-1]) for piece in commands.split(b",")]
    return table, list(_commands(commands))


def _commands(row: Phrase) -> Iterator[Phrase]:
    """The commands that stand in a row; some hold commas of their own."""
    command, *pieces = row.split(b",")
    for piece in pieces:
        if command.match(LIST) and not piece.match(COMMAND):
            command = row.between(command.tokens[0].start, piece.tokens[-1].end)
            continue
        yield command
        command = piece
    yield command


def _ends(before: Token | None, token: Token, after: Token | None) -> bool:
    if token.text == b";":
        return True
    joins = token.word == "WITH" and before is not None and before.word == "PARALLEL"
    return joins and after is not None and after.word not in NOT_PARALLEL


def _runs(row: tuple[Token, ...], cuts: Sequence[int]) -> Iterator[tuple[Token, ...]]:
    """The tokens between the places where to cut."""
    for start, end in zip((-1, *cuts), (*cuts, None), strict=True):
        yield tuple(t for t in row if t.start > start and (end is None or t.start < end))


def _sign(token: Token) -> str:
    return token.word or SIGNS.get(token.kind) or token.text.decode("latin-1")


def _gap(token: Token, after: Token | None) -> str:
    tight = after is None or token.text in (b"(", b".") or after.text in (b"(", b")", b",", b".")
    return "" if tight else " "
