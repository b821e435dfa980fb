"""What writes the generated pages; with `--check` it only names those that are out of date."""

import sys
from pathlib import Path

import commands
import errors
import schema

DOCS = Path(__file__).parent.parent
PAGES = {
    "cli.md": commands.page,
    "known-errors.md": errors.page,
    "schema/clickhouse.sql": schema.clickhouse,
    "schema/postgres.sql": schema.postgres,
}


def stale() -> dict[Path, str]:
    """The pages that are not as they would be written, with the text that they lack."""
    texts = {DOCS / name: write() for name, write in PAGES.items()}
    return {
        page: text
        for page, text in texts.items()
        if not page.exists() or page.read_text(encoding="utf-8") != text
    }


if __name__ == "__main__":
    found = stale()
    if sys.argv[1:] == ["--check"]:
        named = (f"docs/{page.relative_to(DOCS)} is out of date: run `make docs`" for page in found)
        sys.exit("\n".join(named) or None)
    for page, text in found.items():
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, encoding="utf-8")
