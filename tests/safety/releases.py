"""Releases over both stores as processes that are broken on purpose, and what came of them."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from tests.safety.project import Project
from tests.safety.proxy import Proxy

COMMANDS = {"upgrade": ["upgrade"], "downgrade": ["downgrade", "base", "--allow-data-loss"]}
BREAKS = ("cut before", "cut after", "kill before", "kill after", "never")
SAMPLE = int(os.environ.get("FAULTS", "1"))  # of each server and direction; 0 for all
HANGS = 6.0  # seconds after which a release whose answer never comes is killed
Fault = tuple[int | bytes, str]  # at which message or text, and how it breaks


@dataclass
class Release:
    """A project's way up and its way back; `look` tells all that is in and around the stores."""

    project: Project
    look: Callable[[], Any]
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, verb: str, **environment: str) -> subprocess.Popen[str]:
        return self.project.start_release(*COMMANDS[verb], **self.environment | environment)

    def run(self, verb: str, **environment: str) -> str:
        """All the way, undisturbed; what it said."""
        process = self.start(verb, **environment)
        out, said = process.communicate(timeout=180)
        assert process.returncode == 0, said + out
        return said + out

    def run_and_answer(self, verb: str, *, rows: Callable[[], list[list[str]]]) -> str:
        """The same; a step that nobody knows of is settled as its user would, by looking.

        A server that dies loses the end of its query log.
        """
        process = self.start(verb)
        out, said = process.communicate(timeout=180)
        if process.returncode == 4:
            run, step = re.findall(r"analytics resolve (\w+) (\d+)", said)[0]
            happened = "--done" if rows() == [["1000"]] else "--failed"
            answer = ["resolve", run, step, happened, "--reason", "looked"]
            self.project.start_release(*answer, **self.environment).communicate(timeout=60)
            return self.run(verb)
        assert process.returncode == 0, said + out
        return said + out

    def broken(self, verb: str, fault: Fault, proxy: Proxy) -> int:
        """The same with a fault; its exit code."""
        at, how = fault
        what, _, when = how.partition(" ")
        process = self.start(verb, ANALYTICS_ANSWER_TIMEOUT="1")
        proxy.arm(at, when or what, process.kill if what == "kill" else lambda: None)
        try:
            process.communicate(timeout=HANGS if what == "never" else 180)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=60)
        proxy.arm(-1, "", lambda: None)
        return process.returncode


def undisturbed(release: Release, proxy: Proxy) -> tuple[dict[str, Any], dict[str, int]]:
    """What is there after each direction, and how many messages it takes."""
    ends, messages = {}, {}
    for verb in [*COMMANDS, *COMMANDS]:  # the first way up makes tables that stay
        proxy.arm(-1, "", lambda: None)
        release.run(verb)
        ends[verb], messages[verb] = release.look(), proxy.seen
    return ends, messages


def both_ways(messages: dict[str, int]) -> Iterator[tuple[str, Fault | None]]:
    """Faults on the way up and on the way back in turns; None where one way has more of them."""
    chosen = [_chosen(messages[verb]) for verb in COMMANDS]
    for pair in zip_longest(*chosen):
        yield from zip(COMMANDS, pair, strict=True)


def _chosen(count: int) -> list[Fault]:
    every = [(at, how) for at in range(1, count + 1) for how in BREAKS]
    return random.sample(every, min(SAMPLE, len(every))) if SAMPLE else every


def record(**case: Any) -> None:
    """Write down a case that ended as undisturbed, for those who count."""
    if path := os.environ.get("PROOF"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(case) + "\n")
