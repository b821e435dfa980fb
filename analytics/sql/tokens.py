"""The only lexer: SQL text as significant tokens, by the rules of each kind of server.

A placeholder that has no value in a script, `${name}`, is a word for ClickHouse's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

OPENING, CLOSING = b"([{", b")]}"
ESCAPED = re.compile(r"\\(.)|(['`\"])\2", re.S)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
"""What ClickHouse writes behind a backslash for signs that cannot be seen."""

CLICKHOUSE = re.compile(
    rb"""
    (?P<blank>  (?:[\s\0] | \xc2\xa0 | \xe2\x80[\x80-\x8b\xaf] | \xe3\x80\x80 | \xef\xbb\xbf)+
              | --[^\n]* | \#[ !][^\n]* | /\*.*?\*/ )
  | (?P<string> '[^'\\]*(?:(?:\\.|'')[^'\\]*)*' | \xe2\x80\x98.*?\xe2\x80\x99 )
  | (?P<quoted> `[^`\\]*(?:(?:\\.|``)[^`\\]*)*` | "[^"\\]*(?:(?:\\.|"")[^"\\]*)*"
              | \xe2\x80\x9c.*?\xe2\x80\x9d )
  | (?P<word>   (?: [A-Za-z_]\w* | \$\{[a-z]\w*\} ) (?: \$\{[a-z]\w*\}\w* | \$\w* )* )
  | (?P<number> [0-9][\w.]* )
  | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
  | (?P<op>     . )
    """,
    re.S | re.X,
)
COMMENT = rb""
for _ in range(8):  # PostgreSQL's comments contain comments; so deep, at most
    COMMENT = rb"/\*(?:[^*/]|\*(?!/)|/(?!\*)" + (b"|" + COMMENT if COMMENT else b"") + rb")*\*/"
POSTGRES = re.compile(
    rb"(?P<blank>\s+ | --[^\n]* |"
    + COMMENT
    + rb""")
  | (?P<string> [eE]'(?:[^'\\]|\\.|'')*' | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*' )
  | (?P<quoted> (?:[uU]&)?"(?:[^"]|"")*" )
  | (?P<word>   [A-Za-z_\x80-\xff][\w$\x80-\xff]* )
  | (?P<number> [0-9][\w.]* )
  | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
  | (?P<op>     . )
    """,
    re.S | re.X,
)


class Token(NamedTuple):
    """One significant token; `word` is the upper-case word, or "" for anything else.

    `kind` is string, quoted (an identifier), word, number, heredoc or op.
    `depth` counts the brackets around it; a bracket itself has the depth outside it.
    """

    kind: str
    word: str
    text: bytes
    start: int
    end: int
    depth: int

    @property
    def names(self) -> bool:
        """Whether it can be an identifier."""
        return self.kind in {"word", "quoted"}


def scan(lexer: re.Pattern[bytes], text: bytes) -> Iterator[Token]:
    """The significant tokens of `text`: all but the lexer's group `blank`."""
    build = tuple.__new__  # takes half the time of Token(...), and long texts have many tokens
    depth = 0
    for match in lexer.finditer(text):
        kind = match.lastgroup
        if kind == "blank":
            continue
        start, end = match.span()
        piece = text[start:end]
        if kind == "op" and depth and piece in CLOSING:
            depth -= 1
        word = piece.decode().upper() if kind == "word" else ""
        yield build(Token, (kind, word, piece, start, end, depth))
        if kind == "op" and piece in OPENING:
            depth += 1


def tokens(text: bytes) -> Iterator[Token]:
    """The significant tokens of a text for ClickHouse; comments and blanks are left out."""
    return scan(CLICKHOUSE, text)


def terminated(lexer: re.Pattern[bytes], text: str) -> str:
    """A statement with one semicolon behind its last token; a comment may follow it.

    Comments alone stay as they are.
    """
    raw, end = text.encode(), 0
    for token in scan(lexer, raw):
        end = token.start if token.text == b";" else token.end
    return (raw[:end] + b";" + raw[end:].removeprefix(b";")).decode().strip() if end else text


def unquoted(token: Token) -> str:
    """The text of a string, or the name that an identifier stands for."""
    text = token.text.decode(errors="surrogateescape")
    if token.kind not in ("string", "quoted"):
        return text
    return ESCAPED.sub(lambda found: ESCAPES.get(found[1] or "", found[1] or found[2]), text[1:-1])


def identifier(name: str) -> str:
    """A name as ClickHouse's statements need it: between backquotes if it is no plain word."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def literal(text: str) -> str:
    """A text as ClickHouse's statements need it: between quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def plain(name: str) -> str:
    """A name of one or more parts without quotes."""
    return "".join(map(unquoted, tokens(name.encode())))
