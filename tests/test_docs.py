"""The documentation says what the code does, and its links lead somewhere."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from analytics.errors import AnalyticsError, ExitCode
from analytics.placeholders import placeholders
from analytics.settings import NAMES
from tests.conftest import ROOT
from tests.ours import DEMO
from tests.pages import DOCS, PAGES, blocks, name

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)")
MODULES = [path.relative_to(ROOT).with_suffix("") for path in ROOT.glob("analytics/**/errors.py")]
ERRORS = {
    name
    for module in MODULES
    for name, value in vars(import_module(".".join(module.parts))).items()
    if isinstance(value, type) and issubclass(value, AnalyticsError)
}

every_page = pytest.mark.parametrize("page", PAGES, ids=name)


def first_cells(page):
    """What stands in the first column of a page's tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", (DOCS / page).read_text(), re.M))


def anchors(page):
    """The anchors of a page's headings, as they are made of their words."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_generated_pages_are_up_to_date():
    # in a process of its own: click keeps what an earlier call made of a command's help
    command = [sys.executable, "docs/generate", "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_described(name):
    assert f"ANALYTICS_{name.upper()}" in first_cells("settings.md")


@pytest.mark.parametrize("name", placeholders(DEMO).known)
def test_every_placeholder_is_described(name):
    assert f"${{{name}}}" in first_cells("settings.md")


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_every_error_is_described(name):
    assert name in first_cells("errors.md")


def test_every_exit_code_is_described():
    table = (DOCS / "errors.md").read_text().partition("| `analytics` | |")[2].partition("\n\n")[0]

    assert [int(code) for code in re.findall(r"^\| (\d) \|", table, re.M)] == list(ExitCode)


@pytest.mark.parametrize("page", sorted(p.relative_to(DOCS) for p in DOCS.rglob("*.md")), ids=str)
def test_every_page_is_in_the_index(page):
    assert str(page) == "index.md" or f"]({page})" in (DOCS / "index.md").read_text()


@every_page
def test_links_lead_to_what_is_there(page):
    for place, anchor in LINK.findall(page.read_text()):
        linked = (page.parent / place) if place else page

        assert linked.exists(), f"{place} is not there"
        assert not anchor or anchor in anchors(linked), f"{place} has no #{anchor}"


@every_page
def test_python_in_the_documentation_compiles(page: Path):
    for code in blocks(page.read_text(), "python"):
        compile(code, str(page), "exec")
