"""What data a statement loses, in a few words."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.clickhouse import phrases
from analytics.clickhouse.phrases import NAME
from analytics.impact import Impact
from analytics.phrases import Phrase

ONE = rf"(?P<a>{NAME})"
CLAUSE = (
    r"(?:NOT NULL|NULL|DEFAULT|MATERIALIZED|ALIAS|EPHEMERAL|AUTO_INCREMENT|COLLATE|CODEC|TTL"
    r"|COMMENT|STATISTICS|SETTINGS|PRIMARY KEY|FIRST|AFTER|MODIFY|RESET|REMOVE)(?= |$)"
)
"""What may follow a column's type."""

STATEMENT = (
    (
        r"DROP (?:TEMPORARY )?+TABLE (?:IF EXISTS )?+(?!IF EMPTY )"
        rf"(?P<a>{NAME}(?: , {NAME})*)",
        "drops table {a}",
    ),
    (rf"DROP DATABASE (?:IF EXISTS )?+{ONE}", "drops database {a}"),
    (rf"(?:CREATE OR )?REPLACE (?:TEMPORARY )?+TABLE {ONE}", "replaces table {a} and its rows"),
    (
        rf"TRUNCATE (?:DATABASE|(?:ALL )?TABLES FROM) (?:IF EXISTS )?+{ONE}",
        "truncates all tables of {a}",
    ),
    (rf"TRUNCATE (?:TEMPORARY )?+(?:TABLE )?+(?:IF EXISTS )?+{ONE}", "truncates {a}"),
    (rf"DELETE FROM {ONE}", "deletes rows of {a}"),
    (rf"UPDATE {ONE}", "overwrites values of {a}"),
)
COMMAND = (
    (rf"DROP COLUMN (?:IF EXISTS )?+{ONE}", "drops column {a} of {x}"),
    (rf"CLEAR COLUMN (?:IF EXISTS )?+{ONE}", "clears column {a} of {x}"),
    (r"DELETE (?:WHERE|IN)", "deletes rows of {x}"),
    (r"DROP PARTITION (?P<a>.+)", "drops partition {a} of {x}"),
    (r"DROP PART (?P<a>.+)", "drops part {a} of {x}"),
    (r"DROP DETACHED", "drops detached parts of {x}"),
    (r"REPLACE PARTITION (?P<a>.+?) FROM", "replaces partition {a} of {x}"),
    (r"UPDATE", "overwrites values of {x}"),
    (r"MODIFY TTL", "lets rows of {x} expire"),
    (
        rf"(?:MODIFY|ALTER) COLUMN (?:IF EXISTS )?+{ONE} (?:TYPE )?+(?!{CLAUSE})"
        rf"(?P<b>.+?)(?= {CLAUSE}|$)",
        "changes the type of {a} in {x} to {b}: values that do not fit",
    ),
)


def loses(statement: str) -> str | None:
    """A phrase for each loss, as "drops column y of x"; None if it loses no data."""
    losses = [loss for phrase in phrases.statements(statement) for loss in _losses(phrase)]
    return ", ".join(losses) or None


def _losses(statement: Phrase) -> Iterator[str]:
    altered = phrases.alter(statement)
    if not altered:
        yield from _said(statement, STATEMENT)
        return
    table, commands = altered
    for command in commands:
        yield from _said(command, COMMAND, x=str(table))


def _said(phrase: Phrase, rules: tuple[tuple[str, str], ...], **known: str) -> Iterator[str]:
    """What the first rule that matches says of it."""
    for pattern, saying in rules:
        if found := phrase.match(pattern):
            groups = {group: str(phrase.part(found, group)) for group in found.groupdict()}
            yield saying.format(**known, **groups)
            return


def of(statement: str) -> Impact:
    """What it does."""
    return Impact(loses(statement))
