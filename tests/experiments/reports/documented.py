"""The columns of the reports as docs/analytics.md has them."""

import re

from tests.conftest import ROOT

SECTION = re.compile(r"^## ([a-z_]+)$(.*?)(?=^## |\Z)", re.M | re.S)
COLUMN = re.compile(r"^\| `(\w+)` \| ([^|]+) \|", re.M)


def columns() -> dict[str, dict[str, str]]:
    """View -> its columns with their types, in order."""
    page = (ROOT / "docs/analytics.md").read_text()
    return {view: dict(COLUMN.findall(text)) for view, text in SECTION.findall(page)}
