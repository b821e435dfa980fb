"""The shop in databases of its own: its commands as processes, and what stands in its stores."""

from __future__ import annotations

import re
import signal
import subprocess
from dataclasses import dataclass, field
from typing import Any

from analytics.settings import Settings
from tests.conftest import ROOT, Databases
from tests.pipeline import catalog
from tests.safety.project import Project

SHOP = ROOT / "tests" / "foreign" / "shop"
BEFORE = {"postgres": "0012", "clickhouse": "0008"}  # the shop's first release
AFTER = {"postgres": "0015", "clickhouse": "0012"}  # the second: three views are rebuilt
BACK, FORTH = ([f"{store}@{each}" for store, each in a.items()] for a in (BEFORE, AFTER))
MADE = re.compile(r"__(shape|chunk|new|since|all)")  # by a rebuild, for the time that it takes


@dataclass(frozen=True)
class Shop:
    """The project and its two databases."""

    databases: Databases
    stack: Settings
    project: Project = field(default=Project(SHOP))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of ours."""
        return self.project.start_release(*arguments)

    def run(self, *arguments: str) -> str:
        """The same, to its end; what it said."""
        process = self.start(*arguments)
        out, said = process.communicate(timeout=180)
        assert process.returncode == 0, f"{arguments}: {said}{out}"
        return said + out

    def broken(self, *arguments: str, after: float, by: signal.Signals) -> int:
        """The same, sent a signal some seconds after its start; its exit code."""
        process = self.start(*arguments)
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.send_signal(by)
            process.communicate(timeout=120)
        return process.returncode

    def look(self) -> dict[str, Any]:
        """The catalogs of both stores, and what is in Kafka and Connect."""
        found = catalog.postgres(self.databases, self.stack)
        return found | catalog.clickhouse(self.databases, self.stack)

    def made(self) -> dict[str, Any]:
        """The same without consumer groups, which a table joins when it pleases."""
        return {part: rows for part, rows in self.look().items() if part != "groups"}
