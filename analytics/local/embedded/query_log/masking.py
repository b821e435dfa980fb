"""A statement's text as the query log may keep it: without data, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analytics.local.embedded.collections.positions import POSITIONS
from analytics.local.embedded.collections.statements import parse
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.edits import splice
from analytics.local.embedded.sql.refusals import named_collection, parts
from analytics.local.embedded.sql.statement import Statement
from analytics.sql.tokens import Token

MAX_SHOWN = 1 << 16
HIDDEN = b"'[HIDDEN]'"
SECRET_KEY = re.compile(r"\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY)\w*$", re.I)
SUSPICIOUS = (
    *(b"passw", b"secret", b"token", b"private_key", b"access_key", b"identified", b"named"),
    *(b"postgresql", b"mysql", b"mongodb", b"s3", b"remote", b"://"),
)
"""What a text with a secret has in it; others need no second look."""
SECRET_ARGUMENTS = {
    callee: at
    for callee, positions in POSITIONS.items()
    for at, names in enumerate(positions)
    if names[0] in {"password", "secret_access_key"} and " " not in callee
}
"""Function or engine -> the place of the password among its arguments."""
USER_INFO = re.compile(rb"(://[^/\s'@:]*:)[^/\s'@]*@")
LITERALS = {"string", "heredoc"}


def shown(statement: Statement) -> str:
    """The text for the log."""
    text = statement.text[: statement.end if statement.data_at is None else statement.data_at]
    lower = text.lower()
    if any(piece in lower for piece in SUSPICIOUS):
        text = _masked(statement, text)
    return text[:MAX_SHOWN].decode("utf-8", "replace").strip()


def _masked(statement: Statement, text: bytes) -> bytes:
    if any(map(named_collection, parts(statement))):
        return _collection(statement.tokens).encode("utf-8", "replace")
    places = {*_keyed(statement.tokens), *_positional(statement.tokens)}
    text = splice(text, [(token.start, token.end, HIDDEN) for token in places])
    return USER_INFO.sub(rb"\1[HIDDEN]@", text)


def _collection(row: Sequence[Token]) -> str:
    """CREATE or ALTER NAMED COLLECTION with every value hidden; nothing of a broken one."""
    words = " ".join(token.text.decode() for token in row[:3])
    try:
        change = parse(row)
    except DBError:
        return f"{words} ..."
    keys = ", ".join(f"{key} = {HIDDEN.decode()}" for key in change.values)
    drops = "DELETE " + ", ".join(sorted(change.deleted)) if change.deleted else ""
    verb = {"CREATE": "AS ", "ALTER": "SET "}.get(change.verb, "") if keys else ""
    return f"{words} {change.name} {verb}{keys} {drops}"


def _keyed(row: Sequence[Token]) -> Iterator[Token]:
    """`password = 'x'`, `PASSWORD 'x'`, `IDENTIFIED WITH sha256_password BY 'x'`."""
    for at, token in enumerate(row):
        if token.kind not in LITERALS or at < 2:
            continue
        key = row[at - 2] if row[at - 1].text == b"=" else row[at - 1]
        identified = key.word == "BY" and any(t.word == "IDENTIFIED" for t in row[at - 4 : at])
        if identified or (key.names and SECRET_KEY.match(key.text.decode("latin-1").strip('`"'))):
            yield token


def _positional(row: Sequence[Token]) -> Iterator[Token]:
    """The password among a function's or an engine's arguments."""
    for at, token in enumerate(row[:-1]):
        place = SECRET_ARGUMENTS.get(token.word)
        if place is not None and row[at + 1].text == b"(":
            yield from _argument(row[at + 2 :], place, row[at + 1].depth + 1)


def _argument(rest: Sequence[Token], place: int, depth: int) -> Iterator[Token]:
    """The literals of one argument."""
    for token in rest:
        if token.depth < depth:
            return
        place -= token.text == b"," and token.depth == depth
        if place == 0 and token.kind in LITERALS:
            yield token
