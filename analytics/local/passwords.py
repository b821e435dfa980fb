"""Passwords of the project's secrets: made once, kept in files that only their owner reads.

One for each `env:VARIABLE` in [secrets] of alembic.ini.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from analytics.local import files
from analytics.local.layout import Layout


def make(layout: Layout) -> None:
    for variable in layout.variables:
        if not _file(layout, variable).exists():
            files.write(_file(layout, variable), secrets.token_urlsafe(24), mode=0o600)


def read(layout: Layout) -> dict[str, str]:
    """Variable -> password, of those that are made."""
    files_of = {variable: _file(layout, variable) for variable in layout.variables}
    return {variable: file.read_text() for variable, file in files_of.items() if file.exists()}


def _file(layout: Layout, variable: str) -> Path:
    """Named as ANALYTICS_SECRETS_DIR wants it."""
    return layout.secrets / variable.lower()
