"""Reading tokens one after the other: a few words ahead, names and values."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals
from analytics.sql.tokens import Token


class Cursor:
    """A place in a row of tokens."""

    def __init__(self, row: Sequence[Token], at: int = 0) -> None:
        self.row, self.at = row, at

    @property
    def token(self) -> Token | None:
        """The token here, or None at the end."""
        return self.row[self.at] if self.at < len(self.row) else None

    def peek(self, *words: str) -> bool:
        """Whether these words (or signs) come next."""
        ahead = self.row[self.at : self.at + len(words)]
        return tuple(token.word or token.text.decode("latin-1") for token in ahead) == words

    def take(self, *words: str) -> bool:
        """Go past these words if they come next."""
        found = self.peek(*words)
        self.at += len(words) * found
        return found

    def expect(self, *words: str) -> None:
        """Go past these words, or complain."""
        if not self.take(*words):
            raise self.error(" ".join(words))

    def name(self) -> str:
        """An identifier."""
        token = self.token
        if token is None or not token.names:
            raise self.error("an identifier")
        self.at += 1
        return literals.value(token)

    def value(self) -> str:
        """A literal: string, number (perhaps negative) or word."""
        minus = "-" if self.take("-") else ""
        token = self.token
        if token is None or token.kind == "op":
            raise self.error("a literal")
        self.at += 1
        return minus + literals.value(token)

    def error(self, wanted: str) -> DBError:
        """The complaint that `wanted` is not here.  It shows no text: that may hold a secret."""
        place = self.token.start + 1 if self.token else "the end"
        return DBError(62, f"Syntax error: failed at position {place}. Expected {wanted}.")
