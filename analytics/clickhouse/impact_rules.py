"""The rules about ClickHouse's statements: what each loses, and whom it delays."""

from __future__ import annotations

from analytics.clickhouse.statements import NAME
from analytics.sql.impact import Rulebook, Rules

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

ADDED = rf"ADD COLUMN (?:IF NOT EXISTS )?+{ONE}"
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
KEY = r"MODIFY ORDER BY (?P<b>.+)"
COMMAND_LOSES: Rules = (
    (KEY, "lets rows of {x} that are alike in {b} become one"),
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
