"""The proof of generated schemas and statements: its figures, written into docs/proof.md."""

from __future__ import annotations

import datetime
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.proof import page

HOUR = "360"  # rebuilds, each with the statements that go with it
SAYS = {
    "done": "done, and every table is what the views make of the same rows elsewhere",
    "loss": "named as a loss with nothing touched; allowed by name, done and right",
    "refused": "refused with nothing touched, and ingest goes on",
    "invalid": "left out: the server itself refuses the schema",
}
KINDS = ("source", "engine", "shape", "deed", "levels", "later")


def main() -> int:
    """Run them; the exit code is pytest's."""
    os.environ.setdefault("GENERATED", HOUR)
    code, cases = page.run("tests/generated")
    if code == 0:
        page.write("generated", list(lines(cases)))
    return code


def lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    """The section, out of the cases that the tests have written down."""
    rebuilds = [case for case in cases if case["test"] == "rebuild"]
    statements = [case for case in cases if case["test"] == "statement"]
    yield (
        f"{datetime.date.today()}, {len(rebuilds)} generated schemas and {len(statements)} "
        "statements: none was done and wrong, or touched and refused; no row was lost in silence."
    )
    yield from _table("a rebuild and its way back", _ends(rebuilds))
    unfounded = sum(not case["is_founded"] for case in rebuilds)
    yield f"\nLosses that were named, although all rows are made again: {unfounded}."
    yield from _table("of those done or named as a loss", _kinds(rebuilds))
    yield from _table("a statement, and what we say about it", _verdicts(statements))


def _table(head: str, counted: Counter[str]) -> Iterator[str]:
    yield f"\n| {head} | cases |\n| --- | ---: |"
    yield from (f"| {name} | {count} |" for name, count in sorted(counted.items()))


def _ends(rebuilds: list[dict[str, Any]]) -> Counter[str]:
    return Counter(SAYS[case["end"]] for case in rebuilds)


def _kinds(rebuilds: list[dict[str, Any]]) -> Counter[str]:
    through = [case["kinds"] for case in rebuilds if case["end"] in ("done", "loss")]
    return Counter(f"{kind}: {each[kind]}" for each in through for kind in KINDS)


def _verdicts(statements: list[dict[str, Any]]) -> Counter[str]:
    return Counter(f"{case['store']}: {case['end']}" for case in statements)


if __name__ == "__main__":
    sys.exit(main())
