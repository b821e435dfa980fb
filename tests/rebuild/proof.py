"""`make proof`: many rebuilds, disturbed and not, and their figures into docs/proof.md."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys

from tests import proof_page
from tests.conftest import ROOT


def main() -> int:
    """Run them; the exit code is pytest's."""
    rebuilds = os.environ.setdefault("REBUILDS", "100")
    kills = os.environ.setdefault("KILLS", "50")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "--tb=short", "tests/rebuild"],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(done.stdout[-3000:])
    if done.returncode == 0:
        took = re.search(r"in (\d+)\.\d+s", done.stdout)
        proof_page.write("rebuilds", _lines(rebuilds, kills, took[1] if took else "?"))
    return done.returncode


def _lines(rebuilds: str, kills: str, seconds: str) -> list[str]:
    today = datetime.date.today()
    return [
        f"{today}, {seconds} s: under 1,000 messages a second from a real broker (5 % sent twice, "
        "four partitions, one with most and one with nothing)",
        "",
        f"- {rebuilds} times a chain of one to three levels rebuilt, put back and rebuilt again at "
        "random moments: no message lost or counted twice, no gap of offsets, every aggregate "
        "equal to the ledger's.",
        f"- {kills} rebuilds killed three times each at random moments and run again: the same, "
        "ingest open, nothing left behind.",
        "- The recipes without a barrier failed the same oracles.",
    ]


if __name__ == "__main__":
    sys.exit(main())
