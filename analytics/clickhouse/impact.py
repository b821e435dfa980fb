"""The impact of ClickHouse's statements on data and on those who use it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analytics.clickhouse import client, statements, types
from analytics.clickhouse.statements import NAME
from analytics.sql.impact import Impact, Rulebook, Rules
from analytics.sql.phrases import Phrase
from analytics.sql.tokens import plain

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

LOSES: Rules = (
    (
        r"DROP (?:TEMPORARY )?+TABLE (?:IF EXISTS )?+(?!IF EMPTY )"
        rf"(?P<t>{NAME}(?: , {NAME})*)",
        "drops table {t}",
    ),
    (
        rf"DROP VIEW (?:IF EXISTS )?+(?P<t>{NAME}(?: , {NAME})*)",
        "drops view {t} with the rows that it keeps itself",
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
WHERE database = currentDatabase() AND table = %(table)s AND name = %(column)s"""


def of(text: str, driver: Any = None) -> Impact:
    """The impact of all statements in a text.

    `driver`, a DBAPI connection, is asked whether a column's new type holds all that its type now
    can: such a change loses nothing.
    """
    parts = list(statements.parts(text))
    impact = RULEBOOK.judge(parts)
    if driver is None or not impact.loses:
        return impact
    losing = [each for each in parts if not _widens(driver, *each)]
    return replace(impact, loses=RULEBOOK.judge(losing).loses)


def _widens(driver: Any, command: Phrase, altered: Phrase | None) -> bool:
    from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

    match = command.match(TYPE)
    if altered is None or match is None:
        return False
    column = plain(str(command.part(match, "a")))
    now = client.one(driver, NOW, table=plain(str(altered)), column=column)
    wanted = str(command.part(match, "b")).replace("\\", "\\\\").replace("'", "\\'")
    try:
        ((_, then, *_),) = client.ask(driver, f"DESCRIBE TABLE null('x {wanted}')")
    except DatabaseException:  # the server will refuse the statement as well
        return False
    return now is not None and types.holds(str(then), str(now))
