"""Refused statements: they would end the process, ruin the folder, or are not for HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import literals
from analytics.local.embedded.sql.cursor import Cursor
from analytics.local.embedded.sql.statement import Statement
from analytics.sql.tokens import Token

WRITES_BY_GET = {"SET", "USE", "KILL"}
"""What GET may do besides reading."""
STARTS = {
    *{"SELECT", "WITH", "INSERT", "CREATE", "ATTACH", "ALTER", "DROP", "DETACH", "RENAME"},
    *{"SYSTEM", "TRUNCATE", "UNDROP", "EXCHANGE", "BACKUP", "RESTORE", "KILL", "(", "REPLACE"},
}
KEPT = {"default", "system"}
READONLY = (
    "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. "
    "You should use method POST for modifying queries."
)


def check(statement: Statement, user: str, *, only_reads: bool = False) -> None:
    """Raise what a client must be told instead of running the statement."""
    _check_form(statement)
    for part in parts(statement):
        _check_part(part)
        if named_collection(part) and part[0] is not statement.tokens[0]:
            raise DBError(48, "A named collection is created and changed by itself only")
    if only_reads and not (statement.reads or statement.kind in WRITES_BY_GET):
        raise DBError(164, f"{user}: {READONLY}")


def _check_form(statement: Statement) -> None:
    if not statement.kind:
        raise DBError(62, "Syntax error: Empty query")
    if statement.several:
        raise DBError(62, "Syntax error (Multi-statements are not allowed): failed at ';'")
    words = statement.words
    if "OUTFILE" in words and statement.has("INTO", "OUTFILE"):
        raise DBError(358, "INTO OUTFILE is not allowed")
    if "INFILE" in words and statement.has("FROM", "INFILE"):
        raise DBError(78, "Query has infile and was send directly to server")


def parts(statement: Statement) -> Iterator[Sequence[Token]]:
    """The statements in it: without EXPLAIN, and each one of PARALLEL WITH."""
    row = statement.tokens
    start = _after_explain(row)
    if "PARALLEL" in statement.words:
        for at in range(start, len(row) - 1):
            if row[at].word == "PARALLEL" and row[at + 1].word == "WITH" and not row[at].depth:
                yield row[start:at]
                start = at + 2
    yield row[start:] if start else row


def named_collection(part: Sequence[Token]) -> bool:
    """Whether it is CREATE, ALTER or DROP NAMED COLLECTION."""
    if len(part) < 3 or part[1].word != "NAMED" or part[2].word != "COLLECTION":
        return False
    return part[0].word in {"CREATE", "ALTER", "DROP"}


def _after_explain(row: Sequence[Token]) -> int:
    if not row or row[0].word != "EXPLAIN":
        return 0
    rest = enumerate(row)
    return next((at for at, t in rest if (t.word or t.text.decode("latin-1")) in STARTS), 0)


def _check_part(part: Sequence[Token]) -> None:
    if not part or part[0].word not in {"SYSTEM", "DROP", "DETACH", "RENAME"}:
        return
    cursor = Cursor(part)
    if cursor.take("SYSTEM") and (cursor.peek("KILL") or cursor.peek("SHUTDOWN")):
        raise DBError(48, "SYSTEM KILL and SYSTEM SHUTDOWN would end the server's process group")
    if cursor.take("DROP") or cursor.take("DETACH") or cursor.take("RENAME"):
        _check_database(cursor)


def _check_database(cursor: Cursor) -> None:
    if not cursor.take("DATABASE"):
        return
    cursor.take("IF", "EXISTS")
    if cursor.token and literals.value(cursor.token) in KEPT:
        raise DBError(48, "The databases default and system stay: the folder opens with them only")
