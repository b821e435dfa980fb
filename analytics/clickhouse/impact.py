"""The impact of ClickHouse's statements on data and on those who use it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.clickhouse import client, statements, types
from analytics.clickhouse.statements import NAME
from analytics.sql.impact import Impact, Part, Rulebook, Rules
from analytics.sql.phrases import Phrase
from analytics.sql.tokens import literal, plain, unquoted

ONE = rf"(?P<a>{NAME})"
TABLE = rf"(?P<t>{NAME})"
CLAUSE = (
    r"(?:NOT NULL|NULL|DEFAULT|MATERIALIZED|ALIAS|EPHEMERAL|AUTO_INCREMENT|COLLATE|CODEC|TTL"
    r"|COMMENT|STATISTICS|SETTINGS|PRIMARY KEY|FIRST|AFTER|MODIFY|RESET|REMOVE)(?= |$)"
)
"""The clauses that may follow a column's type."""
TYPE = (
    rf"(?:MODIFY|ALTER) COLUMN (?:IF EXISTS )?+{ONE} (?:TYPE )?+(?!{CLAUSE})"
    rf"(?P<b>.+?)(?= {CLAUSE}|$)"
)

EXPIRES = rf"(?:MODIFY|ALTER) COLUMN (?:IF EXISTS )?+{ONE} (?:.* )?(?<!REMOVE )TTL .+"
VIEWS = rf"(?:IF EXISTS )?+(?P<t>{NAME}(?: , {NAME})*)"
REPLACES = rf"(?:CREATE OR )?REPLACE (?:MATERIALIZED )?VIEW {TABLE}"
ROWLESS = (rf"DROP (?:TABLE|VIEW) {VIEWS}", REPLACES)
"""The statements that lose nothing if what they name is a view without rows of its own."""

LOSES: Rules = (
    (
        r"DROP (?:TEMPORARY )?+TABLE (?:IF EXISTS )?+(?!IF EMPTY )"
        rf"(?P<t>{NAME}(?: , {NAME})*)",
        "drops table {t}",
    ),
    (
        rf"DROP VIEW {VIEWS}",
        "drops view {t} with the rows that it keeps itself",
    ),
    (REPLACES, "replaces {t} with the rows that it keeps itself"),
    (
        rf"CREATE MATERIALIZED VIEW (?:IF NOT EXISTS )?+{NAME} (?:ON CLUSTER [^ ]+ )?+REFRESH "
        rf"(?:(?!APPEND |AS ).)*?TO {TABLE}",
        "replaces the rows of {t} at each refresh",
    ),
    (rf"OPTIMIZE TABLE {TABLE} .*DEDUPLICATE", "drops rows of {t} that it takes for duplicates"),
    (rf"DROP DATABASE (?:IF EXISTS )?+{ONE}", "drops database {a}"),
    (rf"(?:CREATE OR )?REPLACE (?:TEMPORARY )?+TABLE {TABLE}", "replaces table {t} and its rows"),
    (
        rf"TRUNCATE (?:DATABASE|(?:ALL )?TABLES FROM) (?:IF EXISTS )?+{ONE}",
        "truncates all tables of {a}",
    ),
    (rf"TRUNCATE (?:TEMPORARY )?+(?:TABLE )?+(?:IF EXISTS )?+{TABLE}", "truncates {t}"),
    (rf"DELETE FROM {TABLE}", "deletes rows of {t}"),
    (rf"UPDATE {TABLE}", "overwrites values of {t}"),
)
COMMAND_LOSES: Rules = (
    (rf"DROP COLUMN (?:IF EXISTS )?+{ONE}", "drops column {a} of {x}"),
    (rf"CLEAR COLUMN (?:IF EXISTS )?+{ONE}", "clears column {a} of {x}"),
    (r"DELETE (?:WHERE|IN)", "deletes rows of {x}"),
    (r"DROP PARTITION (?P<a>.+)", "drops partition {a} of {x}"),
    (r"DROP PART (?P<a>.+)", "drops part {a} of {x}"),
    (r"DROP DETACHED", "drops detached parts of {x}"),
    (r"REPLACE PARTITION (?P<a>.+?) FROM", "replaces partition {a} of {x}"),
    (r"UPDATE", "overwrites values of {x}"),
    (r"MODIFY TTL", "lets rows of {x} expire"),
    (EXPIRES, "lets values of {a} in {x} expire"),
    (TYPE, "changes the type of {a} in {x} to {b}: values that do not fit"),
)
BLOCKS: Rules = ((rf"OPTIMIZE TABLE {TABLE} .*FINAL", "merges all of {t}"),)
COMMAND_BLOCKS: Rules = (
    (TYPE, "rewrites column {a} of {x}"),
    (r"(?:UPDATE|DELETE (?:WHERE|IN))", "rewrites parts of {x}"),
    (r"MATERIALIZE (?P<a>\w+)", "rewrites parts of {x}"),
)
RULEBOOK = Rulebook(LOSES, BLOCKS, COMMAND_LOSES, COMMAND_BLOCKS)


NOW = """
SELECT type
FROM system.columns
WHERE database = if(%(database)s = '', currentDatabase(), %(database)s)
    AND table = %(table)s AND name = %(column)s"""

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
    that its type now can, and a view may have no rows of its own. Such a statement loses nothing.
    """
    parts = list(statements.parts(text))
    impact = RULEBOOK.judge(parts)
    if driver is None or not impact.loses or any(map(_moves, parts)):
        return impact
    losing = [each for each in parts if not (_widens(driver, *each) or _is_rowless(driver, *each))]
    return replace(impact, loses=RULEBOOK.judge(losing).loses)


def _moves(part: Part) -> bool:
    """Whether another object has a name behind it."""
    return part[1] is None and part[0].match("RENAME|EXCHANGE") is not None


def _place(name: Phrase) -> dict[str, str]:
    """The database, "" for the current one, and the table that a name stands for."""
    *database, table = (unquoted(token) for token in name.tokens if token.names)
    return {"database": "".join(database), "table": table}


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
