"""The proof of rebuilds: many of them, disturbed and not, and their figures into docs/proof.md."""

from __future__ import annotations

import datetime
import os
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.proof import page

SAYS = {
    "moments": "rebuilds and ways back at random moments, undisturbed",
    "killed": "rebuilds killed three times each at random moments, and run again",
    "clickhouse": "rebuilds during which ClickHouse was killed (rows may come twice; a replay "
    "makes every level the same)",
    "kafka": "rebuilds during which the broker was killed (the same)",
    "fault": "releases broken at a message, and run again",
}
TESTS = [f"tests/rebuild/test_{name}.py" for name in ("recipes", "live", "killed", "faults")]


def main() -> int:
    """Run them; the exit code is pytest's."""
    for name, many in (("REBUILDS", "34"), ("KILLS", "50"), ("FAULTS", "20")):
        os.environ.setdefault(name, many)
    code, cases = page.run(*TESTS)
    if code == 0:
        page.write("rebuilds", list(_lines(cases)))
    return code


def _lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    messages = sum(case.get("messages", 0) for case in cases)
    yield (
        f"{datetime.date.today()}, {messages:,} messages of a ledger, 5 % sent twice, over four "
        "partitions of a real broker, of which one gets most and one nothing: none lost, none "
        "counted twice, no gap of offsets, every aggregate the ledger's, ingest open and nothing "
        "left behind after each."
    )
    yield ""
    yield "| what | how often |"
    yield "| --- | ---: |"
    counted: Counter[str] = Counter()
    for case in cases:
        counted[case["test"]] += case.get("rebuilds", 1)
    for test, says in SAYS.items():
        yield f"| {says} | {counted[test]} |"
    broken = Counter((case["verb"], case["how"]) for case in cases if case["test"] == "fault")
    for (verb, how), count in sorted(broken.items()):
        yield f"| - of these in {verb}s: {how} | {count} |"
    pauses = [pause for case in cases for pause in case.get("pauses", ())]
    yield ""
    yield (
        f"Pauses of ingest: {len(pauses)}, p50 {statistics.median(pauses) * 1000:.0f} ms, "
        f"worst {max(pauses) * 1000:.0f} ms, with all services on two cores. The seven recipes "
        "without a barrier failed the same oracles."
    )


if __name__ == "__main__":
    sys.exit(main())
