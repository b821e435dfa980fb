"""One command at a time; the second names the one that it waits for."""

import subprocess
import sys

from analytics.local import locks
from analytics.local.layout import Layout
from analytics.local.service import quiet

WAIT = """
import sys
from pathlib import Path
from analytics.local import locks
with locks.hold(Path(sys.argv[1]), "down", lambda service, event: print(event, flush=True)):
    print("mine", flush=True)
"""


def test_a_second_command_waits_and_says_for_whom(layout: Layout) -> None:
    with locks.hold(layout.lock, "up", quiet):
        second = subprocess.Popen(
            [sys.executable, "-c", WAIT, str(layout.lock)], stdout=subprocess.PIPE, text=True
        )
        assert second.stdout is not None
        assert second.stdout.readline().startswith("waits for `analytics local up` (process ")

    with second:
        assert second.stdout.read() == "mine\n"


def test_a_lock_ends_with_its_block(layout: Layout) -> None:
    said: list[str] = []
    with locks.hold(layout.lock, "up", quiet):
        pass

    with locks.hold(layout.lock, "down", lambda service, event: said.append(event)):
        assert said == []
