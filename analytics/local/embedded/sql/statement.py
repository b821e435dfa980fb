"""A statement: its kind, its words and its clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analytics.sql.tokens import Token

STREAMS = {"SELECT", "WITH", "FROM", "("}
READS = {*STREAMS, "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK"}
EXPECT_NAME = {
    *{"INTO", "TABLE", "FUNCTION", "FROM", "JOIN", "AS", "SELECT", "DISTINCT", "WHERE", "PREWHERE"},
    *{"HAVING", "BY", "AND", "OR", "NOT", "IN", "ON", "LIKE", "ILIKE", "BETWEEN", "USING", "SET"},
    *{"WITH", "LIMIT", "OFFSET", "CASE", "WHEN", "THEN", "ELSE", "UPDATE", "COLUMN", "DATABASE"},
}
"""Words after which FORMAT, SETTINGS or VALUES is somebody's name, not the start of a clause."""


@dataclass(frozen=True)
class Format:
    """A FORMAT clause: where it starts and ends, and the format's name."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Statement:
    """A scanned statement.  `tokens` end where an INSERT's inline data begins (`data_at`)."""

    text: bytes
    tokens: Sequence[Token]
    form: str = ""
    """Of an INSERT: values, format, select, input (a SELECT that reads the data), or bare."""
    data_at: int | None = None
    several: bool = False
    """Whether another statement follows."""

    @property
    def kind(self) -> str:
        """The statement's first word; "(" for a SELECT in brackets, "" for an empty text."""
        if self.form or not self.tokens:
            return "INSERT" if self.form else ""
        return self.tokens[0].word or self.tokens[0].text.decode("latin-1")

    @property
    def reads(self) -> bool:
        """Whether it has a result set and changes nothing."""
        return self.kind in READS

    @property
    def end(self) -> int:
        """Where the last significant token ends."""
        return self.tokens[-1].end if self.tokens else 0

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words outside brackets, in upper case."""
        return tuple(token.word for token in self.tokens if token.word and not token.depth)

    @cached_property
    def format(self) -> Format | None:
        """The FORMAT clause, if it has one."""
        return format_clause(self.tokens)

    @cached_property
    def settings_at(self) -> int | None:
        """Where the SETTINGS before FORMAT or the data start."""
        limit = self.format.start if self.format else self.end
        found = (t.start for i, t in enumerate(self.tokens) if opens(self.tokens, i, "SETTINGS"))
        return max((start for start in found if start < limit), default=None)

    def has(self, first: str, second: str) -> bool:
        """Whether these two words follow each other outside brackets."""
        return (first, second) in zip(self.words, self.words[1:], strict=False)

    def mentions(self, database: bytes, table: bytes) -> Iterator[tuple[int, int]]:
        """The places of `database.table`, quoted or not."""
        for left, dot, right in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False):
            if dot.text == b"." and _bare(left) == database and _bare(right) == table:
                yield left.start, right.end


def opens(seen: Sequence[Token], index: int, word: str) -> bool:
    """Whether the token at `index` is this word, outside brackets, and starts a clause."""
    token = seen[index]
    if token.word != word or token.depth or index < 1:
        return False
    before = seen[index - 1]
    if before.kind == "op":
        return before.text in (b")", b"]", b"}", b"*")
    return before.word not in EXPECT_NAME


def format_clause(seen: Sequence[Token]) -> Format | None:
    """The FORMAT clause at the end (only SETTINGS may follow it)."""
    for index in range(len(seen) - 2, 0, -1):
        if not opens(seen, index, "FORMAT") or not seen[index + 1].names:
            continue
        if index + 2 == len(seen) or seen[index + 2].word == "SETTINGS":
            name = seen[index + 1]
            return Format(seen[index].start, name.end, name.text.strip(b'`"').decode())
    return None


def _bare(token: Token) -> bytes:
    return token.text.strip(b'`"').lower() if token.names else b""
