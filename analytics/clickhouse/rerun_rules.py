"""Rules about running a statement twice; their patterns match the shape of a phrase.

They cover the statements of ClickHouse 25.8; a statement without a rule is not known to be safe.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.clickhouse.statements import NAME

EACH = "op.execute() for each"
TEXT = "<text>"  # the statement itself
WAIVER = f'op.run_sql({TEXT}, once=True), or reruns="why it is safe" for once=True'
PARTLY = "a crash half-way leaves a part of the rows, and the second run takes it for complete"
SELECT = r"(?:SELECT|WITH|FROM|\()"
ASSIGNMENTS = r"(?P<set>.+?)(?= IN PARTITION | WHERE |$)"
GUARDS = {
    **dict.fromkeys(("CREATE", "ATTACH", "ADD"), "IF NOT EXISTS"),
    **dict.fromkeys(("DROP", "DETACH", "RENAME"), "IF EXISTS"),
}
"""The condition by which a second run has nothing to do, for each verb."""
KIND = "(?P<kind>COLUMN|INDEX|PROJECTION|CONSTRAINT|STATISTICS)"
LEAVING = rf"(?:DROP|RENAME) {KIND} (?:IF EXISTS )?+(?P<name>{NAME})"


@dataclass(frozen=True)
class Rule:
    """The reason why a phrase that matches may not run twice, and what to write instead."""

    pattern: str
    reason: str
    instead: str = WAIVER


@dataclass(frozen=True)
class Rules:
    """The rules for one sort of phrase, in the order in which they are applied."""

    unsafe: tuple[Rule, ...]
    update: str
    """Safe if it reads no column that it assigns."""
    guarded: str
    """Safe with IF [NOT] EXISTS after its kind."""
    safe: str


FILLING = (
    Rule(
        rf"(?:CREATE|ATTACH) (?:TEMPORARY )?+TABLE (?:IF NOT EXISTS )?{NAME}"
        rf"(?:(?! EMPTY AS {SELECT}).)* (?:AS {SELECT}|CLONE AS)",
        f"CREATE TABLE that fills it, too: {PARTLY}",
    ),
    Rule(
        rf"(?:CREATE|ATTACH) MATERIALIZED VIEW (?:IF NOT EXISTS )?{NAME}"
        rf"(?:(?! AS {SELECT}).)*(?<! TO)(?<! \.) POPULATE",
        f"POPULATE: {PARTLY}",
    ),
)
"""Statements that fill what they create."""

STATEMENT = Rules(
    unsafe=(
        Rule(r"INSERT|WITH .* INSERT INTO", "INSERT puts its rows in twice"),
        Rule(
            rf"(?:CREATE OR )?REPLACE (?:TEMPORARY )?+TABLE (?P<name>{NAME})",
            "CREATE OR REPLACE TABLE drops the rows that came since the first run",
            'op.create_object("{name}", version=N)',
        ),
        *FILLING,
        Rule("EXCHANGE", "EXCHANGE swaps back on the second run"),
        Rule(r"RENAME .* ,", "RENAME of several may swap them back on the second run", EACH),
    ),
    update=rf"UPDATE .+? SET {ASSIGNMENTS}",
    guarded=(
        r"(?P<verb>CREATE|ATTACH|DROP|DETACH|RENAME) (?:TEMPORARY )?+"
        r"(?P<kind>TABLE|(?:MATERIALIZED )?VIEW|DICTIONARY|DATABASE|FUNCTION|NAMED COLLECTION"
        r"|INDEX|USER|ROLE|QUOTA|(?:ROW )?POLICY|(?:SETTINGS )?PROFILE|WORKLOAD|RESOURCE)"
        r"(?! OR REPLACE )"
    ),
    safe=(
        r"SELECT|FROM|WITH|\(|SHOW|DESCRIBE|DESC|EXPLAIN|EXISTS|CHECK|SET|USE|KILL|GRANT|REVOKE"
        r"|OPTIMIZE|TRUNCATE|DELETE FROM|SYSTEM(?! RESTORE| DROP REPLICA| DROP DATABASE REPLICA)"
        r"|CREATE OR REPLACE (?:VIEW|FUNCTION|DICTIONARY)|ALTER NAMED COLLECTION"
    ),
)

COMMAND = Rules(
    unsafe=(
        Rule(
            rf"(?:(?:MODIFY|ALTER) COLUMN (?:IF EXISTS )?+{NAME} )?REMOVE",
            "REMOVE fails on the second run: there is nothing left to remove",
        ),
        Rule(
            r"(?:MOVE|REPLACE|ATTACH|FETCH) PART(?:ITION)?|FREEZE",
            "moved, replaced, attached, fetched and frozen parts may be others the second time",
        ),
    ),
    update=rf"UPDATE {ASSIGNMENTS}",
    guarded=rf"(?P<verb>ADD|DROP|RENAME) {KIND}",
    safe=(
        r"(?:MODIFY|ALTER|COMMENT) COLUMN|DELETE (?:WHERE|IN)|APPLY (?:DELETED MASK|PATCHES)"
        r"|MODIFY (?:SETTING|TTL|QUERY|(?:ORDER|SAMPLE) BY|COMMENT|REFRESH|DEFINER|SQL SECURITY)"
        r"|(?:MODIFY|CLEAR|MATERIALIZE) (?:STATISTICS|COLUMN|INDEX|PROJECTION|TTL)"
        r"|RESET SETTING|DROP PARTITION"
    ),
)
