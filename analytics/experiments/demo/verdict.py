"""The comparison of what came out with what went in: one finding per thing that differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from analytics.experiments.demo.thornton import NOBODY, Arm, Person

Row = tuple[Any, ...]
"""An id, and what belongs to it."""


def sent_events(people: Iterable[Person]) -> list[Row]:
    """Id, user, variant, type and value of every event that the data make."""
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
    """Id, user and variant of every assignment that the data make."""
    return [(str(person.id("assignment")), person.user_id, person.variant) for person in people]


def compare_rows(table: str, sent: Sequence[Row], found: Sequence[Row]) -> Iterator[str]:
    """What is missing, unexpected, doubled or different in a table."""
    wanted, present = {row[0]: row for row in sent}, {row[0]: row for row in found}
    times = Counter(row[0] for row in found)
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
    wanted: Mapping[str, Arm], found: Mapping[str, Arm], places: Sequence[str] = HOURLY
) -> Iterator[str]:
    """What is not as in the data, arm by arm; `places` say where each number was found."""
    for variant in sorted(wanted.keys() | found.keys()):
        want, have = wanted.get(variant, NOBODY), found.get(variant, NOBODY)
        for place, expected, actual in zip(places, astuple(want), astuple(have), strict=True):
            if expected != actual:
                yield f"{place} of variant {variant} is {actual}, the data say {expected}"


def compare_published(
    published: Mapping[str, tuple[int, int]], found: Mapping[str, Arm]
) -> Iterator[str]:
    """What is not as in the paper, arm by arm."""
    for variant, numbers in published.items():
        arm = found.get(variant, NOBODY)
        have = (arm.users, arm.converted)
        if have != numbers:
            yield (
                f"variant {variant}: {have[1]} of {have[0]} converted, "
                f"published are {numbers[1]} of {numbers[0]}"
            )
