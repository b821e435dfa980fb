"""The clauses of a CREATE statement, found in its tokens: kind, target, engine, consumer group.

A place is the index of a token in the row of tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analytics.sql.tokens import Token, tokens, unquoted

KINDS = (
    ("TABLE",),
    ("MATERIALIZED", "VIEW"),
    ("VIEW",),
    ("DICTIONARY",),
    ("FUNCTION",),
    ("NAMED", "COLLECTION"),
)
GROUP_ARGUMENT = 2  # of Kafka('brokers', 'topics', 'group', 'format'), from 0


def kind(row: Sequence[Token]) -> tuple[str, ...] | None:
    """The words of the kind that is created; None if it is none of KINDS.

    None, too, for a CREATE with a condition, as IF NOT EXISTS, or with OR REPLACE.
    """
    words = tuple(token.word for token in row[:4])
    for each in KINDS:
        if words[: 1 + len(each)] == ("CREATE", *each) and len(row) > 1 + len(each):
            name = row[1 + len(each)]
            return each if name.names and name.word != "IF" else None
    return None


def target(row: Sequence[Token]) -> str | None:
    """The table behind the TO that stands before the AS and outside brackets; None without one."""
    for place, token in enumerate(row[:-1]):
        if token.word == "AS" and not token.depth:
            return None
        if token.word == "TO" and not token.depth:
            has_database = len(row) > place + 3 and row[place + 2].text == b"."
            return unquoted(row[place + 3 if has_database else place + 1])
    return None


def engine(row: Sequence[Token]) -> int | None:
    """The place of the engine's name; the sign before it may be left out."""
    for place in range(len(row) - 1):
        if row[place].word == "ENGINE" and not row[place].depth:
            return place + 1 + (row[place + 1].text == b"=")
    return None


def assigned(row: Sequence[Token]) -> set[str]:
    """The names before the signs of equality that are outside brackets."""
    return {unquoted(key) for key, sign in pairwise(row) if sign.text == b"=" and not sign.depth}


def selects(row: Sequence[Token]) -> bool:
    """Whether it ends in a SELECT, behind which a COMMENT would read as an alias."""
    place = body(row)
    after = row[place + 1] if place is not None and len(row) > place + 1 else None
    return after is not None and (after.word in ("SELECT", "WITH") or after.text == b"(")


def collection(text: str) -> str | None:
    """The named collection from which a Kafka table takes its settings; None without one."""
    row = tuple(tokens(text.encode()))
    place = engine(row)
    inside = row[place + 2] if place is not None and len(row) > place + 2 else None
    return unquoted(inside) if inside and inside.names and inside.depth else None


def body(row: Sequence[Token]) -> int | None:
    """The place of the AS that is outside brackets."""
    return next((n for n, token in enumerate(row) if token.word == "AS" and not token.depth), None)


def consumer_group(text: str) -> str | None:
    """The consumer group that the CREATE of a Kafka table names; None if it names none itself.

    It stands in the setting `kafka_group_name`, or is the third argument of the engine.
    """
    row = tuple(tokens(text.encode()))
    for setting, sign, value in zip(row, row[1:], row[2:], strict=False):
        if setting.word == "KAFKA_GROUP_NAME" and sign.text == b"=" and value.kind == "string":
            return unquoted(value)
    place = engine(row)
    arguments = [] if place is None else list(_strings(row[place + 1 :]))
    return arguments[GROUP_ARGUMENT] if len(arguments) > GROUP_ARGUMENT else None


def _strings(row: Sequence[Token]) -> Iterator[str]:
    """The strings in the brackets with which a row begins."""
    for token in row[1:] if row and row[0].text == b"(" else ():
        if token.text == b")" and not token.depth:
            return
        if token.kind == "string":
            yield unquoted(token)
