"""The impact of ClickHouse's statements on data and on those who use it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.clickhouse import client, statements, types
from analytics.clickhouse.impact_rules import ADDED, EXPIRES, KEY, ROWLESS, RULEBOOK, TYPE
from analytics.sql.impact import Impact, Part
from analytics.sql.phrases import Phrase
from analytics.sql.tokens import literal, plain, unquoted

NOW = """
SELECT type
FROM system.columns
WHERE database = if(%(database)s = '', currentDatabase(), %(database)s)
    AND table = %(table)s AND name = %(column)s"""

SORTING_KEY = """
SELECT sorting_key, match(engine, '(Replacing|Summing|Aggregating|Collapsing|Coalescing|Graphite)')
FROM system.tables
WHERE database = if(%(database)s = '', currentDatabase(), %(database)s) AND name = %(table)s"""

KEEPERS = """
SELECT count()
FROM system.tables AS each
WHERE database = if(%(database)s = '', currentDatabase(), %(database)s) AND name = %(table)s
    AND engine != 'View' AND (engine != 'MaterializedView' OR (database, uuid) IN
    (
        SELECT database, toUUIDOrZero(replace(name, '.inner_id.', ''))
        FROM system.tables
        WHERE startsWith(name, '.inner')
    ))"""
"""The number of objects of a name that keep rows, in the table of a view's own, too."""


def of(text: str, driver: Any = None) -> Impact:
    """The impact of all statements in a text.

    `driver`, a DBAPI connection, is asked about what is there now: a column's new type may hold all
    that its type now can, the text may have added the column itself, and a view may have no rows
    of its own. Such a statement loses nothing.
    """
    parts = list(statements.parts(text))
    impact = RULEBOOK.judge(parts)
    if driver is None or not impact.loses or any(map(_moves, parts)):
        return impact
    new = _added(parts)
    losing = [
        each
        for each in parts
        if not (_is_new(driver, *each, new) or any(test(driver, *each) for test in HARMLESS))
    ]
    return replace(impact, loses=RULEBOOK.judge(losing).loses)


def _moves(part: Part) -> bool:
    """Whether another object has a name behind it."""
    return part[1] is None and part[0].match("RENAME|EXCHANGE") is not None


def _place(name: Phrase) -> dict[str, str]:
    """The database, "" for the current one, and the table that a name stands for."""
    *database, table = (unquoted(token) for token in name.tokens if token.names)
    return {"database": "".join(database), "table": table}


def _added(parts: Sequence[Part]) -> set[tuple[str, str]]:
    """The columns that commands of a text add, each with its table; none if it renames some."""
    if any(command.match("RENAME COLUMN") for command, altered in parts if altered):
        return set()
    found = ((command, altered, command.match(ADDED)) for command, altered in parts if altered)
    return {
        (str(altered), plain(str(command.part(match, "a"))))
        for command, altered, match in found
        if match
    }


def _is_new(
    driver: Any, command: Phrase, altered: Phrase | None, new: set[tuple[str, str]]
) -> bool:
    """Whether a type is that of a column which is not there yet, and which the same text adds."""
    match = command.match(TYPE)
    if altered is None or match is None or command.match(EXPIRES):
        return False
    column = plain(str(command.part(match, "a")))
    is_there = client.one(driver, NOW, column=column, **_place(altered)) is not None
    return (str(altered), column) in new and not is_there


def _is_rowless(driver: Any, command: Phrase, altered: Phrase | None) -> bool:
    match = next(filter(None, map(command.match, ROWLESS)), None)
    if altered is not None or match is None:
        return False
    places = map(_place, command.part(match, "t").split(b","))
    return not any(client.one(driver, KEEPERS, **each) for each in places)


def _widens(driver: Any, command: Phrase, altered: Phrase | None) -> bool:
    from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

    match = command.match(TYPE)
    if altered is None or match is None or command.match(EXPIRES):
        return False
    column = plain(str(command.part(match, "a")))
    now = client.one(driver, NOW, column=column, **_place(altered))
    wanted = literal(f"x {command.part(match, 'b')}")
    try:
        ((_, then, *_),) = client.ask(driver, f"DESCRIBE TABLE null({wanted})")
    except DatabaseException:  # the server will refuse the statement as well
        return False
    return now is not None and types.holds(str(then), str(now))


def _extends(driver: Any, command: Phrase, altered: Phrase | None) -> bool:
    """Whether a new sorting key tells as many rows apart as the present one, or none is merged."""
    match = command.match(KEY)
    if altered is None or match is None:
        return False
    for now, merges in client.ask(driver, SORTING_KEY, **_place(altered)):
        before, after = _bare(str(now)), _bare(str(command.part(match, "b")))
        return not merges or after == before or after.startswith(f"{before},")
    return False


def _bare(key: str) -> str:
    text = re.sub(r"[\s`]", "", key)
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


HARMLESS = (_widens, _is_rowless, _extends)
"""The tests, against what is there, that acquit a statement which could lose something."""
