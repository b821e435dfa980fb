"""The page docs/proof.md: the results of long runs, each in a section of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "proof.md"


def run(*tests: str) -> tuple[int, list[dict[str, Any]]]:
    """Pytest's exit code, and the cases that these tests have written down."""
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as file:
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "--tb=short", *tests],
            cwd=ROOT,
            env=os.environ | {"PROOF": file.name},
            check=False,
        ).returncode
        return code, [json.loads(line) for line in file]


def write(name: str, lines: list[str]) -> None:
    """Put these lines between the section's two marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    section = "\n".join(lines)
    PAGE.write_text(f"{before}{begin}{section}\n{end}{after}", encoding="utf-8")
