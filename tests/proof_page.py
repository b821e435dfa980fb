"""docs/proof.md: what long runs have found, each in a section of its own."""

from __future__ import annotations

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "proof.md"


def write(name: str, lines: list[str]) -> None:
    """Put these lines between the section's two marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    section = "\n".join(lines)
    PAGE.write_text(f"{before}{begin}{section}\n{end}{after}", encoding="utf-8")
