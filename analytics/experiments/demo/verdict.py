"""The comparison of output and input: one finding for each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from analytics.experiments.demo.thornton import NOBODY, Arm, Person

Row = tuple[Any, ...]
"""An id, and the columns that belong to it."""


def sent_events(people: Iterable[Person]) -> list[Row]:
    """Id, user, variant, type and value of every event of these people."""
    return [
        (
            str(person.id(kind)),
            person.user_id,
            person.variant,
            kind,
            person.dollars if kind == "conversion" else None,
        )
        for person in people
        for kind in person.events
    ]


def sent_assignments(people: Iterable[Person]) -> list[Row]:
    """Id, user and variant of every assignment of these people."""
    return [(str(person.id("assignment")), person.user_id, person.variant) for person in people]


def compare_rows(table: str, sent: Sequence[Row], stored: Sequence[Row]) -> Iterator[str]:
    """A finding for the rows of a table that are missing, unexpected, doubled or different."""
    wanted, present = {row[0]: row for row in sent}, {row[0]: row for row in stored}
    times = Counter(row[0] for row in stored)
    kinds = {
        "missing": [row for id_, row in wanted.items() if id_ not in present],
        "unexpected": [row for id_, row in present.items() if id_ not in wanted],
        "there more than once": [present[id_] for id_, count in times.items() if count > 1],
        "different": [row for id_, row in present.items() if wanted.get(id_, row) != row],
    }
    for kind, rows in kinds.items():
        if rows:
            first = ", ".join(map(str, rows[0]))
            yield f"{table}: {len(rows):,} of {len(sent):,} rows {kind}, the first: {first}"


HOURLY = (
    "experiment_hourly_stats: users",
    "experiment_hourly_stats: converting users",
    "events_processed: sum of value",
)
PERFORMANCE = (
    "experiment_performance: users",
    "experiment_performance: converting users",
    "experiment_performance: revenue",
)


def compare_arms(
    wanted: Mapping[str, Arm], computed: Mapping[str, Arm], places: Sequence[str] = HOURLY
) -> Iterator[str]:
    """A finding for each number that is not as in the data; `places` name the numbers."""
    for variant in sorted(wanted.keys() | computed.keys()):
        want, have = wanted.get(variant, NOBODY), computed.get(variant, NOBODY)
        for place, expected, actual in zip(places, astuple(want), astuple(have), strict=True):
            if expected != actual:
                yield f"{place} of variant {variant} is {actual}, the data say {expected}"


def compare_published(
    published: Mapping[str, tuple[int, int]], computed: Mapping[str, Arm]
) -> Iterator[str]:
    """A finding for each arm that is not as in the paper."""
    for variant, numbers in published.items():
        arm = computed.get(variant, NOBODY)
        have = (arm.users, arm.converted)
        if have != numbers:
            yield (
                f"variant {variant}: {have[1]} of {have[0]} converted, "
                f"published are {numbers[1]} of {numbers[0]}"
            )
