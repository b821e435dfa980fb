"""The server stands alone: a process of its own, which starts quickly."""

from __future__ import annotations

import subprocess
import sys

LIBRARIES = ("alembic", "sqlalchemy", "click", "pydantic", "kafka", "psycopg", "chdb", "psutil")


def test_it_imports_nothing_else_of_ours() -> None:
    code = "import sys, analytics.local.embedded.__main__; print(*sys.modules)"

    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()

    ours = [name for name in modules if name.startswith((*LIBRARIES, "analytics"))]
    assert {name for name in ours if not name.startswith("analytics.local.embedded")} == {
        "analytics",
        "analytics.sql.tokens",
        "analytics.errors",
        "analytics.local",
        "analytics.local.errors",
        "analytics.sql",
    }
