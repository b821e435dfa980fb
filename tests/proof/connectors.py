"""The proof of connectors: set-ups that are broken, and replacements that are interrupted."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.proof import page

ALL = "40"
TESTS = [
    f"tests/operations/test_{name}.py"
    for name in (
        "connector_refusals",
        "connector_slots",
        "connector_undo",
        "canary",
        "connector",
        "replacement",
    )
]


def main() -> int:
    """Run them; the exit code is pytest's."""
    for name in ("DEAD_CONNECTORS", "REPLACE_KILLS"):
        os.environ.setdefault(name, ALL)
    code, cases = page.run(*TESTS)
    if code == 0:
        page.write("connectors", list(_lines(cases)))
    return code


def _lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    broken = [case for case in cases if case["test"] == "connector"]
    replaced = [case for case in cases if case["test"] == "replace"]
    ends = Counter(case["end"] for case in broken)
    yield (
        f"{datetime.date.today()}: {len(broken)} set-ups that would lose rows, or not start, on a "
        f"connector that ran: {', '.join(f'{count} {end}' for end, count in ends.items())}. "
        f"{len(replaced)} replacements, each broken at one of its requests to Connect, then run "
        "again or the opposite way: one of the two connectors ran, and every id that was committed "
        "came to the topic."
    )
    yield ""
    yield "| set-up | end |"
    yield "| --- | --- |"
    yield from (f"| {case['setup']} | {case['end']} |" for case in broken)


if __name__ == "__main__":
    sys.exit(main())
