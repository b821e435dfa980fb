"""The past of a schema before its rebuild: merges, imports, corrections, dropped partitions."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.generated.naming import Names, q
from tests.generated.shapes import Rows

if TYPE_CHECKING:
    from tests.generated.schema import Case

NONE = "nothing"
SYNC = "SETTINGS mutations_sync = 2"


def add(case: Case, random: Random, source: Rows, names: Names) -> None:
    """Add one, or none, to a case."""
    keeps = case.kinds["source"] not in ("Null", "Memory")
    kind = random.choice([NONE] * 9 + list(DEEDS) * keeps)
    case.kinds["deed"] = kind
    if kind != NONE:
        merges = f"MERGES {q(source.name)}"
        deeds = DEEDS[kind](case, random, source, names)
        case.deeds = [f"SYSTEM START {merges}", *deeds, f"SYSTEM STOP {merges}"]


def _merged(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    return [f"OPTIMIZE TABLE {q(source.name)} FINAL"]


def _merged_target(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    return [f"OPTIMIZE TABLE {q(random.choice(case.tables))} FINAL"]


def _dropped(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    partition = random.choice(["0", "202401", "all"])
    return [f"ALTER TABLE {q(source.name)} DROP PARTITION ID '{partition}'"]


def _deleted(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    where = f"{source.one('id')} % 4 = 0"
    return [f"DELETE FROM {q(source.name)} WHERE {where} SETTINGS lightweight_deletes_sync = 2"]


def _deleted_below(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    table = random.choice(case.tables)
    return [f"ALTER TABLE {q(table)} DELETE WHERE cityHash64({case.first[table]}) % 3 = 0 {SYNC}"]


def _imported(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    """Rows of the target once more, by hand, of a key of its own."""
    table = q(case.tables[-1])
    return [f"INSERT INTO {table} SELECT * FROM {table} LIMIT 3"]


def _column(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    table, column = q(case.tables[0]), q(names.column())
    statements = [f"ALTER TABLE {table} ADD COLUMN {column} String"]
    if random.random() < 0.6:
        statements.append(f"ALTER TABLE {table} UPDATE {column} = 'by hand' WHERE true {SYNC}")
    return statements


def _expired(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    table, date = q(source.name), source.one("date")
    return [
        f"ALTER TABLE {table} MODIFY TTL {date} + INTERVAL 1 DAY DELETE "
        f"WHERE {source.one('id')} % 6 = 0 SETTINGS materialize_ttl_after_modify = 0",
        f"ALTER TABLE {table} MATERIALIZE TTL {SYNC}",
    ]


def _patched(case: Case, random: Random, source: Rows, names: Names) -> list[str]:
    number = source.one("number")
    return [
        f"ALTER TABLE {q(source.name)} UPDATE {number} = {number} + 1 "
        f"WHERE {source.one('id')} % 6 = 0 {SYNC}"
    ]


DEEDS = {
    "source merged": _merged,
    "target merged": _merged_target,
    "partition dropped": _dropped,
    "source rows deleted": _deleted,
    "target rows deleted": _deleted_below,
    "rows imported": _imported,
    "column added": _column,
    "source rows expired": _expired,
    "source rows altered": _patched,
}
