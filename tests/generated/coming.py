"""The rows of a case: those that are there, those that come during the rebuild, and after it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.generated.naming import q
from tests.generated.shapes import Rows

if TYPE_CHECKING:
    from tests.generated.schema import Case


def add(case: Case, random: Random) -> None:
    """Add all of them."""
    start = 0
    for rows in case.sources:
        for _ in range(random.randrange(1, 4)):
            count = random.choice([1, 7, 100, 700])
            case.feed.append(insert(rows, start, count))
            start += count if random.random() < 0.85 else 0
    if not case.is_whole:
        for n in range(random.choice([0, 0, 1, 3])):
            rows = random.choice(case.sources)
            case.later.append(insert(rows, 100_000 * (n + 1), random.choice([1, 50, 6000])))
    case.after = [insert(case.sources[0], 900_000 + 100 * n, 30) for n in range(2)]
    case.chunk = random.choice([64 << 20, 3000, 500])
    case.kinds["later"] = str(len(case.later))


def insert(rows: Rows, start: int, count: int) -> str:
    """The INSERT of some rows; always the same ones."""
    given = [each for each in rows.columns if each.value]
    columns, listed = ", ".join(map(str, given)), ", ".join(each.value for each in given)
    return (
        f"INSERT INTO {q(rows.name)} ({columns}) SELECT {listed} "
        f"FROM (SELECT number + {start} AS n FROM numbers({count}))"
    )
