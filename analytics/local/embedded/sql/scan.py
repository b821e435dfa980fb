"""The scanner: the first statement of a text, and the place where an INSERT's own data begins."""

from __future__ import annotations

import re

from analytics.local.embedded.sql.statement import EXPECT_NAME, Statement, opens
from analytics.sql.tokens import Token, tokens

INSERTING = {"INSERT", "INTO"}
AFTER_FORMAT = re.compile(rb"[ \t\f]*\r?\n?")
"""ClickHouse's own rule for where data starts after the format's name."""


def scan(text: bytes) -> Statement:
    """Scan the first statement of `text`, up to an INSERT's data."""
    seen: list[Token] = []
    form, inserts, ended = "", False, False
    for token in tokens(text):
        if ended:
            return Statement(text, seen, form, several=True)
        if token.text == b";" and not token.depth:
            ended = True
            continue
        seen.append(token)
        inserts = inserts or (token.word in INSERTING and _inserts(seen))
        if inserts:
            form = _form(seen, form)
            if (at := _data_at(seen, form, text)) is not None:
                return Statement(text, seen, form, at)
    return Statement(text, seen, form)


def _inserts(seen: list[Token]) -> bool:
    """Whether the newest token makes it an INSERT: at the start, or after a WITH."""
    token = seen[-1]
    if len(seen) == 1:
        return token.word == "INSERT"
    return (
        token.word == "INTO"
        and seen[-2].word == "INSERT"
        and seen[0].word == "WITH"
        and not token.depth
    )


def _form(seen: list[Token], form: str) -> str:
    """An INSERT's form, as far as its newest token says it."""
    if form in {"select", "input"}:
        reads = seen[-1].text == b"(" and seen[-2].word == "INPUT"
        return "input" if reads else form
    if _selects(seen):
        return "select"
    last = len(seen) - 1
    if opens(seen, last, "VALUES"):
        return "values"
    return "format" if seen[-1].names and opens(seen, last - 1, "FORMAT") else "bare"


def _selects(seen: list[Token]) -> bool:
    token = seen[-1]
    if token.word not in {"SELECT", "WITH", "FROM"} or token.depth > (token.word == "SELECT"):
        return False
    before = seen[-2] if len(seen) > 1 else token
    return before.word not in EXPECT_NAME and before.text not in (b".", b",")


def _data_at(seen: list[Token], form: str, text: bytes) -> int | None:
    if form == "values":
        return seen[-1].end
    named = form == "input" and seen[-1].names and opens(seen, len(seen) - 2, "FORMAT")
    if form != "format" and not named:
        return None
    blank = AFTER_FORMAT.match(text, seen[-1].end)
    return blank.end() if blank else None
