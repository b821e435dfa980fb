"""compose/ as its tests see it: the file, its services, and the settings to source."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def compose_file() -> Path:
    return ROOT / "compose" / "compose.yaml"


@pytest.fixture(scope="session")
def compose(compose_file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(compose_file.read_text())
    return content


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = compose["services"]
    return named


@pytest.fixture(scope="session")
def exported() -> dict[str, str]:
    """What `. compose/env.example` exports in a shell that had nothing set."""
    script = 'set -eu; . "$0"; env -0'
    names = ROOT / "compose" / "env.example"
    shell = ["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", script, str(names)]
    output = subprocess.run(shell, check=True, capture_output=True, text=True, timeout=30).stdout
    variables = dict(line.split("=", 1) for line in output.split("\0") if line)
    return {name: value for name, value in variables.items() if name not in ("PATH", "PWD")}
