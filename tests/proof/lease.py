"""The proof of the lease: eight processes want it, and its holder is disturbed each time."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.proof import page

WORDS = {"stop": "stopped (SIGSTOP)", "kill": "killed", "cut_off": "cut off from the server"}


def main() -> int:
    """Run it; the exit code is pytest's."""
    os.environ.setdefault("LEASE_ROUNDS", "200")
    code, cases = page.run("tests/clickhouse/test_lease.py")
    if code == 0:
        page.write("lease", list(_lines(cases)))
    return code


def _lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    """What was done to holders, and what came of it."""
    rounds = Counter(case["fault"] for case in cases if "end" in case)
    (turns,) = (case for case in cases if "done" in case)
    done = ", ".join(f"{count} {WORDS[fault]}" for fault, count in sorted(rounds.items()))
    yield (
        f"{datetime.date.today()}: of eight processes the holder was disturbed "
        f"{rounds.total()} times: {done}, the stopped and the cut off ones for up to 6 s, with a "
        f"lease of 1 s. It passed on {turns['leases']} times, {turns['lost']} holders found that "
        f"they had lost it, {turns['done']} turns ended undisturbed. Of {turns['rows']:,} rows "
        "none was written by a holder after a later one had begun."
    )


if __name__ == "__main__":
    sys.exit(main())
