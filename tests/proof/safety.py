"""The proof of safety: every fault of the matrix, and its figures into docs/proof.md.

FAULTS=15 takes a random sample of as many for each server and direction; ROUNDS is how often
eight releases start at once.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator

from tests.proof import page

TESTS = {
    "same": "the same command again",
    "other": "the other command after a half",
    "restart": "a server killed and started again, the same command again",
    "pipeline": "our own histories, killed after a random line of the journal",
    "eight": "eight upgrades at once, one of them killed",
}


def main() -> int:
    """Run the matrix; the exit code is pytest's."""
    faults = os.environ.setdefault("FAULTS", "0")
    os.environ.setdefault("ROUNDS", "20")
    code, cases = page.run("tests/safety/test_faults.py")
    if code == 0:
        page.write("faults", list(_lines(cases, faults)))
    return code


def _lines(cases: list[dict[str, object]], faults: str) -> Iterator[str]:
    """The section: what ran, how it ended."""
    whole = "every message" if faults == "0" else f"a random sample ({faults} each)"
    today = datetime.date.today()
    yield f"{today}, {whole}: {len(cases)} cases, all of which ended as undisturbed."
    yield ""
    yield "| then | server | direction | fault | cases |"
    yield "| --- | --- | --- | --- | ---: |"
    counted = Counter(map(_row, cases))
    for (test, *rest), count in sorted(counted.items()):
        yield f"| {TESTS[test]} | {' | '.join(rest)} | {count} |"
    codes = Counter(str(case["code"]) for case in cases if case["fault"])
    counts = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
    yield ""
    yield f"Exit codes of the broken runs (negative: killed by that signal): {counts}."


def _row(case: dict[str, object]) -> tuple[str, ...]:
    fault = case["fault"]
    how = str(fault[1]) if isinstance(fault, list) else "none"
    return str(case["test"]), str(case["server"]), str(case["verb"]), how


if __name__ == "__main__":
    sys.exit(main())
