"""The pages of the documentation, and the blocks of code in them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


def name(page: Path) -> str:
    """A page as it is called in the repository."""
    return str(page.relative_to(ROOT))


def blocks(text: str, language: str) -> list[str]:
    """The blocks of code of one language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def revisions() -> dict[str, str]:
    """Every block that is a whole revision, by its page and its place among the page's blocks."""
    return {
        f"{name(page)} {place}": block
        for page in PAGES
        for place, block in enumerate(blocks(page.read_text(), "python"), 1)
        if re.search(r"^revision = ", block, re.M)
    }
