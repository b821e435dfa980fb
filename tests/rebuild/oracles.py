"""The oracles: what must hold for a chain after anything was done to it, by server and ledger."""

from __future__ import annotations

import re

from tests.rebuild.ledger import Ledger
from tests.rebuild.stage import Stage

MADE = re.compile(r"__(?:shape|new|served|snapshot|since(?:_mv|_\d+)?|cut|check|probe|chunk_\d+)$")
"""The names of what a rebuild of these chains creates and drops again."""

OFFSETS = """
SELECT count(), uniqExact(partition, offset), sum(gap)
FROM
(
    SELECT partition, offset, toInt64(offset) - lagInFrame(toInt64(offset), 1, toInt64(offset) - 1)
        OVER (PARTITION BY partition ORDER BY offset) - 1 AS gap
    FROM landing
)"""

AGGREGATES = """
SELECT kind, toUnixTimestamp(toDateTime({time}, 'UTC')), sum(messages), sum(total),
    uniqExactMerge(people){more}
FROM {table}
GROUP BY kind, {time}"""


def faults(stage: Stage, ledger: Ledger, *, hourly: int, daily: int, factor: int = 1) -> list[str]:
    """What does not hold, one line each; `hourly` and `daily` are the current versions."""
    return [
        *_landing(stage, ledger),
        *_events(stage, ledger, factor),
        *_people(stage, ledger),
        *_aggregated(stage, "hourly", "hour", ledger.hourly(hourly), factor, wide=hourly == 2),
        *_aggregated(
            stage, "daily", "day", _narrow(ledger.daily(hourly), daily), factor, wide=daily == 2
        ),
    ]


def _narrow(
    expected: dict[tuple[int, int], tuple[int, ...]], version: int
) -> dict[tuple[int, int], tuple[int, ...]]:
    return expected if version == 2 else {key: row[:3] for key, row in expected.items()}


def _landing(stage: Stage, ledger: Ledger) -> list[str]:
    count, distinct, gaps = map(int, stage.ask(OFFSETS)[0])
    found = (count, distinct, gaps)
    wanted = (len(ledger.sent), len(ledger.sent), 0)
    return [] if found == wanted else [f"landing: (rows, offsets, gaps) {found}, not {wanted}"]


def _events(stage: Stage, ledger: Ledger, factor: int) -> list[str]:
    query = "SELECT count(), uniqExact(id), sum(value) FROM events"
    found = tuple(map(int, stage.ask(query)[0]))
    ids = {each["id"] for each in ledger.sent}
    wanted = (len(ledger.sent), len(ids), factor * sum(each["value"] for each in ledger.sent))
    return [] if found == wanted else [f"events: (rows, ids, total) {found}, not {wanted}"]


def _people(stage: Stage, ledger: Ledger) -> list[str]:
    rows = stage.ask("SELECT person, sum(messages) FROM people GROUP BY person")
    found = {int(person): int(count) for person, count in rows}
    return [] if found == ledger.people() else ["people: not as sent"]


def _aggregated(
    stage: Stage,
    table: str,
    time: str,
    expected: dict[tuple[int, int], tuple[int, ...]],
    factor: int,
    *,
    wide: bool,
) -> list[str]:
    found = aggregates(stage, table, time, wide=wide)
    if factor != 1:
        expected = {key: (row[0], factor * row[1], *row[2:3]) for key, row in expected.items()}
        found = {key: row[:3] for key, row in found.items()}
    wrong = differing(found, expected)
    return [
        f"{table}: {len(wrong)} keys, such as {key}: {found.get(key)}, not {expected.get(key)}"
        for key in wrong[:1]
    ]


def aggregates(
    stage: Stage, table: str, time: str, *, wide: bool
) -> dict[tuple[int, int], tuple[int, ...]]:
    """By kind and time, as the ledger counts: what a table says."""
    more = ", max(largest)" if wide else ""
    rows = stage.ask(AGGREGATES.format(time=time, table=table, more=more))
    return {(int(row[0]), int(row[1])): tuple(map(int, row[2:])) for row in rows}


def differing(
    found: dict[tuple[int, int], tuple[int, ...]], expected: dict[tuple[int, int], tuple[int, ...]]
) -> list[tuple[int, int]]:
    """The keys of either that are not the same in both."""
    return sorted(
        key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)
    )


def left(stage: Stage) -> set[str]:
    """The objects that a rebuild has created and not dropped, and those that are detached."""
    rows = stage.ask("SELECT table FROM system.detached_tables WHERE database = currentDatabase()")
    return {name for name in stage.objects() if MADE.search(name)} | {str(r[0]) for r in rows}
