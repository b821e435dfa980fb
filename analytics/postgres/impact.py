"""The impact of PostgreSQL's statements on data and traffic, as far as their text shows it.

A DO block is read for the statements in it. The impact of a function that is called is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analytics.postgres import fresh, statements, types
from analytics.postgres.statements import NAME, folded
from analytics.sql.impact import Impact, Rulebook, Rules
from analytics.sql.phrases import Phrase

TABLE = rf"(?:ONLY )?+(?P<t>{NAME})"
TABLES = rf"(?:ONLY )?+(?P<t>{NAME}(?: , {NAME})*)"
OTHERS = rf"(?P<a>{NAME}(?: , {NAME})*)"
COLUMN = rf"ALTER (?:COLUMN )?+(?P<a>{NAME})"
TYPE = rf"{COLUMN} (?:SET DATA )?+TYPE (?P<b>.+)"
ADD_COLUMN = (
    r"ADD (?:COLUMN )?+(?:IF NOT EXISTS )?+"
    rf"(?!CONSTRAINT |CHECK |UNIQUE |PRIMARY |FOREIGN |EXCLUDE |NOT ){NAME}"
)
STABLE = r"(?:NOW|STATEMENT_TIMESTAMP|TRANSACTION_TIMESTAMP|CAST|COALESCE) \("
CONSTRAINT = rf"ADD (?:CONSTRAINT {NAME} )?+"
WIDE = r"(?:TEXT|CITEXT|VARCHAR(?! \()|CHARACTER VARYING(?! \())"
"""Types that take every value which has a cast to them without USING."""
CAST = rf"(?: COLLATE {NAME})?(?: USING (?P=a) : : {WIDE})?"
"""What may follow it: no other column, and no other type between."""
TO = rf"{COLUMN} (?:SET DATA )?+TYPE (?P<b>.+?)(?: COLLATE {NAME})?$"

LOSES: Rules = (
    (rf"DROP (?:FOREIGN )?+TABLE (?:IF EXISTS )?+{TABLES}", "drops table {t}"),
    (rf"DROP (?:SCHEMA|DATABASE) (?:IF EXISTS )?+{OTHERS}", "drops all that is in {a}"),
    (rf"DROP SEQUENCE (?:IF EXISTS )?+{OTHERS}", "drops sequence {a}"),
    (rf"DROP OWNED BY {OTHERS}", "drops what {a} owns"),
    (
        rf"DROP (?:TYPE|DOMAIN|COLLATION|EXTENSION) (?:IF EXISTS )?+{OTHERS} CASCADE",
        "drops the columns that need {a}",
    ),
    (
        rf"ALTER TYPE (?P<a>{NAME}) .*(?:DROP ATTRIBUTE|ALTER ATTRIBUTE .*TYPE)",
        "drops or changes a part of the columns of type {a}",
    ),
    (rf"TRUNCATE (?:TABLE )?+{TABLES}", "truncates {t}"),
    (rf"DELETE FROM {TABLE}", "deletes rows of {t}"),
    (rf"UPDATE {TABLE}", "overwrites values of {t}"),
    (rf"INSERT INTO {TABLE} .*ON CONFLICT .*DO UPDATE", "overwrites values of {t}"),
    (r"EXECUTE (?P<a>.+)", "sends a text that is put together while it runs ({a})"),
    (rf"MERGE INTO {TABLE} .*THEN (?:UPDATE|DELETE)", "overwrites or deletes rows of {t}"),
)
COMMAND_LOSES: Rules = (
    (
        rf"DROP (?:COLUMN )?+(?:IF EXISTS )?+(?!CONSTRAINT |EXPRESSION|IDENTITY)(?P<a>{NAME})"
        r"(?: CASCADE| RESTRICT)?$",
        "drops column {a} of {x}",
    ),
    (rf"ALTER (?:COLUMN )?+(?P<a>[A-Z_][\w$]*+) (?:SET DATA )?+TYPE {WIDE}{CAST}$", ""),
    (rf"{COLUMN} (?:SET DATA )?+TYPE {WIDE}(?: COLLATE {NAME})?$", ""),
    (TYPE, "changes the type of {a} in {x} to {b}: values that do not fit"),
)
BLOCKS: Rules = (
    (r"CREATE (?:UNIQUE )?+INDEX CONCURRENTLY", ""),
    (
        rf"CREATE (?:UNIQUE )?+INDEX (?:IF NOT EXISTS )?+(?:(?!ON ){NAME} )?+ON {TABLE}",
        "writers of {t} wait while an index is built",
    ),
    (r"REINDEX .*CONCURRENTLY", ""),
    (
        rf"REINDEX (?:\( \) )?+TABLE {TABLE}",
        "writers of {t} wait while its indexes are built",
    ),
    (
        rf"REINDEX (?:\( \) )?+(?:INDEX|SCHEMA|DATABASE) (?P<a>{NAME})",
        "writers wait while what is in {a} is built",
    ),
    (
        rf"(?:VACUUM (?:\( \) )?+FULL|CLUSTER)(?: \( \)| VERBOSE| ANALYZE)* {TABLE}",
        "rewrites {t}; its readers and writers wait",
    ),
    (rf"LOCK (?:TABLE )?+{TABLES}", "locks {t}"),
    (r"REFRESH MATERIALIZED VIEW CONCURRENTLY", ""),
    (rf"REFRESH MATERIALIZED VIEW {TABLE}", "readers of {t} wait until it is filled again"),
)
REWRITES = "rewrites {x}; its readers and writers wait"
SCANS = "reads all of {x}; its readers and writers wait"
BUILDS = "builds an index of {x}; its readers and writers wait"
COMMAND_BLOCKS: Rules = (
    (TYPE, "rewrites {x} unless both types are stored alike; its readers and writers wait"),
    (rf"{ADD_COLUMN} .*(?:PRIMARY KEY|UNIQUE)(?: |$)", BUILDS),
    (rf"{ADD_COLUMN} (?:(?:SMALL|BIG)?SERIAL[248]?|.*GENERATED .*(?:STORED|IDENTITY))", REWRITES),
    (rf"{ADD_COLUMN} .*DEFAULT (?!{STABLE})[\w. ]+ \(", REWRITES),
    (rf"{ADD_COLUMN} .*REFERENCES (?P<a>{NAME})", "writers of {x} and {a} wait"),
    (rf"{CONSTRAINT}(?:CHECK|FOREIGN|NOT NULL) .*NOT VALID", ""),
    (rf"{CONSTRAINT}(?:CHECK|NOT NULL)", SCANS),
    (
        rf"{CONSTRAINT}FOREIGN KEY .*REFERENCES (?P<a>{NAME})",
        "reads all of {x}; writers of it and of {a} wait",
    ),
    (rf"{CONSTRAINT}(?:UNIQUE|PRIMARY KEY) USING INDEX", ""),
    (rf"{CONSTRAINT}(?:UNIQUE|PRIMARY KEY|EXCLUDE)", BUILDS),
    (rf"{COLUMN} SET NOT NULL", SCANS),
    (r"SET (?:LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)", REWRITES),
    (r"REPLICA IDENTITY NOTHING", "updates and deletes of {x} fail where it is published"),
    (r"REPLICA IDENTITY (?:DEFAULT|USING)", "changes of {x} carry of the old row the key alone"),
    (rf"ATTACH PARTITION (?P<a>{NAME})", "reads all of {a}; its readers and writers wait"),
)


RULEBOOK = Rulebook(LOSES, BLOCKS, COMMAND_LOSES, COMMAND_BLOCKS)


NOW = """
SELECT format_type(atttypid, NULL), format_type(atttypid, atttypmod), to_regtype(%s)::text
FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attname = %s AND NOT attisdropped"""


def of(text: str, driver: Any = None, before: Sequence[str] = ()) -> Impact:
    """The impact of all statements in a text.

    `driver`, a connection, is asked whether a column's new type holds all that its type now can:
    such a change loses nothing, nor does what fills a column that the statements before it add.
    """
    parts = list(statements.parts(text))
    impact = RULEBOOK.judge(parts)
    if not impact.loses:
        return impact
    new = fresh.columns(before)
    losing = [each for each in parts if not (fresh.fills(each[0], new) or _widens(driver, *each))]
    return replace(impact, loses=RULEBOOK.judge(losing).loses)


def _widens(driver: Any, command: Phrase, altered: Phrase | None) -> bool:
    import psycopg  # slow to import

    match = command.match(TO)
    if driver is None or altered is None or match is None or "USING" in match["b"]:
        return False
    wanted, (column,) = str(command.part(match, "b")), command.part(match, "a").tokens
    try:
        found = driver.execute(NOW, (wanted, str(altered), folded(column))).fetchone()
    except psycopg.Error:  # the server will refuse the statement as well
        return False
    if not found or not found[2]:
        return False
    now, stored, then = found
    return types.holds((then, types.arguments(wanted)), (now, types.arguments(stored)))
