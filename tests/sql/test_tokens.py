"""The lexer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sql.tokens import tokens


def texts(text: str) -> list[str]:
    return [token.text.decode() for token in tokens(text.encode())]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a/* b */c", ["a", "c"]),
        ("a -- b\nc", ["a", "c"]),
        ("a # b\nc", ["a", "c"]),
        ("a #! b\nc", ["a", "c"]),
        ("a /* b", ["a", "/", "*", "b"]),
        ("'a''b' 'c\\'d'", ["'a''b'", "'c\\'d'"]),
        ('`a``b` "c\\"d"', ["`a``b`", '"c\\"d"']),
        ("$$a;b$$ $x$ $$ $x$", ["$$a;b$$", "$x$ $$ $x$"]),
        ("a$b$c", ["a$b$c"]),
        ("'--' '/*'", ["'--'", "'/*'"]),
        ("\ufeffa\u00a0b\u3000c", ["a", "b", "c"]),
        ("\u2018it\u2019s", ["\u2018it\u2019", "s"]),
    ],
)
def test_comments_quotes_and_heredocs(text: str, pieces: list[str]) -> None:
    assert texts(text) == pieces


@given(st.text())
def test_every_text_can_be_read(text: str) -> None:
    row = list(tokens(text.encode("utf-8", "surrogatepass")))

    assert all(token.start < token.end and token.depth >= 0 for token in row)
    assert all(left.end <= right.start for left, right in pairwise(row))


def test_depth_counts_the_brackets_around() -> None:
    row = tokens(b"a(b[c]{d})) e")

    assert [(t.text.decode(), t.depth) for t in row if t.names] == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
        ("d", 2),
        ("e", 0),
    ]
