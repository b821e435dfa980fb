"""Columns that are new in a release: an UPDATE that fills them overwrites nothing."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.postgres.statements import NAME, folded, parts
from analytics.sql.phrases import Phrase

NO_COLUMN = r"(?:IF NOT EXISTS|CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE|NOT) "
ADDED = rf"ADD (?:COLUMN )?+(?!{NO_COLUMN})(?P<a>{NAME})"
FILLED = rf"UPDATE (?:ONLY )?+(?P<t>{NAME})(?: AS {NAME})? SET (?P<set>.+?)(?= FROM | WHERE |$)"
ASSIGNED = rf"(?P<a>{NAME}) = "

Column = tuple[str, str]  # a table as it is written, without quotes that it does not need; a name


def columns(statements: Iterable[str]) -> set[Column]:
    """Those that these statements add, and that cannot have been there before."""
    found = set()
    for command, altered in (part for text in statements for part in parts(text)):
        match = command.match(ADDED) if altered else None
        if altered and match:
            found.add((_name(altered), _name(command.part(match, "a"))))
    return found


def fills(statement: Phrase, new: set[Column]) -> bool:
    """Whether it is an UPDATE that assigns nothing but these columns."""
    match = statement.match(FILLED)
    if not match:
        return False
    table = _name(statement.part(match, "t"))
    assignments = statement.part(match, "set").split(b",")
    return all((table, _assigned(each)) in new for each in assignments)


def _assigned(assignment: Phrase) -> str:
    """The column on the left; "" where that is no single one."""
    match = assignment.match(f"{ASSIGNED}.+")
    return _name(assignment.part(match, "a")) if match else ""


def _name(phrase: Phrase) -> str:
    return ".".join(folded(token) for token in phrase.tokens if token.names)
