"""The proof of a shop of somebody else: its releases killed, the figures into docs/proof.md."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.proof import page

TESTS = [f"tests/foreign/test_{name}.py" for name in ("live", "killed")]


def main() -> int:
    """Run them; the exit code is pytest's."""
    os.environ.setdefault("SHOP_KILLS", "100")
    code, cases = page.run(*TESTS)
    if code == 0:
        page.write("shop", list(_lines(cases)))
    return code


def _lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    killed = [case for case in cases if case["test"] == "killed"]
    signals = Counter(each["signal"] for case in killed for each in case["moments"])
    counted = [case["messages"] for case in cases if case["test"] == "counted"]
    sent = ", ".join(f"{count} {name}" for name, count in sorted(signals.items()))
    yield (
        f"{datetime.date.today()}: {len(killed)} releases and ways back, killed at random moments, "
        f"some more than once ({sent}), then run again or the opposite way. After each both "
        "catalogs, topics, slots and connectors were those of an undisturbed run. Every count and "
        "sum was PostgreSQL's own after each of the second release, and after each first one that "
        f"was upgraded from nothing ({sum(counted):,} messages)."
    )
    yield ""
    yield "| release | killed | then | how often |"
    yield "| --- | --- | --- | ---: |"
    rows = Counter((case["release"], case["verb"], case["then"]) for case in killed)
    for (release, verb, then), count in sorted(rows.items()):
        yield f"| {release} | {verb} | {then} | {count} |"
    codes = Counter(str(each["code"]) for case in killed for each in case["moments"])
    counts = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
    yield ""
    yield f"Exit codes of the killed runs (negative: by that signal; 0: it was done): {counts}."


if __name__ == "__main__":
    sys.exit(main())
