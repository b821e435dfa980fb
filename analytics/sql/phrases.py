"""Phrases: runs of tokens with a shape, against which patterns are matched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analytics.sql.tokens import Token

SIGNS = {"string": "'", "quoted": "`", "number": "0", "heredoc": "$"}


@dataclass(frozen=True)
class Phrase:
    """A run of tokens; patterns are matched against its shape."""

    tokens: tuple[Token, ...]

    def __str__(self) -> str:
        """Its text on one line, with uniform spaces."""
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
        """The tokens outside brackets, one blank apart: words in upper case, a sign for others."""
        return " ".join(_sign(token) for token in self.outer)

    @cached_property
    def names(self) -> set[str]:
        """All words that may be an identifier, or a part of one."""
        quoted = (token.text.decode() for token in self.tokens if token.names)
        return {part for text in quoted for part in text.strip('`"').split(".")}

    def match(self, pattern: str) -> re.Match[str] | None:
        """Match the beginning of its shape, up to the end of a token."""
        return re.match(rf"(?:{pattern})(?= |$)", self.shape, re.S)

    def part(self, match: re.Match[str], group: str) -> Phrase:
        """The tokens that a group of a match stands for."""
        last = self.shape.count(" ", 0, match.end(group))
        first = last - match[group].strip().count(" ")
        return self.between(self.outer[first].start, self.outer[last].end)

    def between(self, start: int, end: int) -> Phrase:
        """The tokens from one place in the text to another."""
        return Phrase(tuple(t for t in self.tokens if start <= t.start and t.end <= end))

    def split(self, sign: bytes) -> list[Phrase]:
        """The phrases between the signs that are outside brackets."""
        cuts = [token.start for token in self.outer if token.text == sign]
        return [Phrase(run) for run in runs(self.tokens, cuts) if run] or [self]


def runs(row: tuple[Token, ...], cuts: Sequence[int]) -> Iterator[tuple[Token, ...]]:
    """The tokens between the places where to cut."""
    for start, end in zip((-1, *cuts), (*cuts, None), strict=True):
        yield tuple(t for t in row if t.start > start and (end is None or t.start < end))


def _sign(token: Token) -> str:
    return token.word or SIGNS.get(token.kind) or token.text.decode("latin-1")


def _gap(token: Token, after: Token | None) -> str:
    tight = after is None or token.text in (b"(", b".") or after.text in (b"(", b")", b",", b".")
    return "" if tight else " "
