"""The impact of PostgreSQL's statements on data and traffic, as far as their text shows it.

A DO block is read for the statements in it. The impact of a function that is called is not known.
"""

from __future__ import annotations

from analytics.postgres import statements
from analytics.postgres.statements import NAME
from analytics.sql.impact import Impact, Rulebook, Rules

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
WIDE = (
    r"(?:TEXT|CITEXT|VARCHAR(?! \()|CHARACTER VARYING(?! \()|BIGINT|INT8|DOUBLE PRECISION|FLOAT8"
    r"|NUMERIC(?! \()|TIMESTAMPTZ?(?! \()|TIMESTAMP (?:WITH|WITHOUT) TIME ZONE|JSONB?|UUID|BYTEA)"
)
"""Types that take every value which has a cast to them without USING."""
CAST = rf"(?: COLLATE {NAME})?(?: USING {NAME} : : [A-Z_0-9 ]+)?"

LOSES: Rules = (
    (rf"DROP (?:FOREIGN )?+TABLE (?:IF EXISTS )?+{TABLES}", "drops table {t}"),
    (rf"DROP (?:SCHEMA|DATABASE) (?:IF EXISTS )?+{OTHERS}", "drops all that is in {a}"),
    (rf"DROP SEQUENCE (?:IF EXISTS )?+{OTHERS}", "drops sequence {a}"),
    (rf"DROP OWNED BY {OTHERS}", "drops what {a} owns"),
    (
        rf"DROP (?:TYPE|DOMAIN|EXTENSION) (?:IF EXISTS )?+{OTHERS} CASCADE",
        "drops the columns that need {a}",
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
    (rf"{COLUMN} (?:SET DATA )?+TYPE {WIDE}{CAST}$", ""),
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
    (rf"ATTACH PARTITION (?P<a>{NAME})", "reads all of {a}; its readers and writers wait"),
)


RULEBOOK = Rulebook(LOSES, BLOCKS, COMMAND_LOSES, COMMAND_BLOCKS)


def of(text: str) -> Impact:
    """The impact of all statements in a text."""
    return RULEBOOK.judge(statements.parts(text))
