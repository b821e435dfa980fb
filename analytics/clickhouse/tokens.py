"""ClickHouse's lexer, as far as we need it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analytics import phrases
from analytics.phrases import Token

LEXER = re.compile(
    rb"""
    (?P<blank>  (?:[\s\0] | \xc2\xa0 | \xe2\x80[\x80-\x8b\xaf] | \xe3\x80\x80 | \xef\xbb\xbf)+
              | --[^\n]* | \#[ !][^\n]* | /\*.*?\*/ )
  | (?P<string> '[^'\\]*(?:(?:\\.|'')[^'\\]*)*' | \xe2\x80\x98.*?\xe2\x80\x99 )
  | (?P<quoted> `[^`\\]*(?:(?:\\.|``)[^`\\]*)*` | "[^"\\]*(?:(?:\\.|"")[^"\\]*)*"
              | \xe2\x80\x9c.*?\xe2\x80\x9d )
  | (?P<word>   [A-Za-z_][\w$]* )
  | (?P<number> [0-9][\w.]* )
  | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
  | (?P<op>     . )
    """,
    re.S | re.X,
)


def tokens(text: bytes) -> Iterator[Token]:
    """The significant tokens of `text`; comments and blanks are left out."""
    return phrases.scan(LEXER, text)
