"""Histories that cannot be read: `analytics history` and `alembic` name the file and its remedy."""

import pytest

from analytics.history.project import LOCATION
from tests.refusals.walk import edit, walks

HISTORY = "analytics history"


def circle(site):
    first, _ = site.revise("postgres", "0001", follows="0002"), site.revise("postgres", "0002")
    return "0001 -> 0002", lambda: edit(first, "down_revision = '0002'", "down_revision = None")


def twice(site):
    other = site.write("migrations/versions/other.py", 'revision = "0001"\ndown_revision = None\n')
    return "other.py", lambda: edit(
        other,
        'revision = "0001"\ndown_revision = None',
        'revision = "0002"\ndown_revision = "0001"',
    )


def unreadable(site):
    ini, text = site.folder / "alembic.ini", (site.folder / "alembic.ini").read_text()
    edit(ini, "%(here)s/migrations\n", "%(here)s/elsewhere\n")
    return "elsewhere/versions", lambda: ini.write_text(text)


def orphan(site):
    file = site.revise("postgres", "0002", follows="0009")
    return "0009", lambda: edit(file, "down_revision = '0009'", "down_revision = '0001'")


def waiting(site):
    site.revise("postgres", "0001", head='requires = "clickhouse@0001"\n')
    file = site.revise("clickhouse", "0001", head='requires = "postgres@0001"\n')
    return file.name, lambda: edit(file, 'requires = "postgres@0001"\n', "")


def unknown(site):
    file = site.revise("postgres", "0001", head='requires = "kafka@1"\n')
    return file.name, lambda: edit(file, "kafka@1", "clickhouse@0001")


def sections(site):
    ini = site.folder / "alembic.ini"
    both = ini.read_text()
    ini.write_text("".join(each for each in both.splitlines(True) if LOCATION not in each))
    return "alembic.ini", lambda: edit(
        ini, "[clickhouse]\n", f"[clickhouse]\n{LOCATION} = %(here)s/migrations_ch\n"
    )


def head(old, new):
    """A revision with a name that cannot be used, and the one that can."""

    def break_it(site):
        file = site.revise("postgres", "0002", head=f"{old}\n")
        return file.name, lambda: edit(file, f"{old}\n", f"{new}\n")

    return break_it


def nameless(site):
    file = site.revise("postgres", "0001")
    edit(file, 'revision = "0001"', "")
    return file.name, lambda: edit(
        file, "\ndown_revision", '\nrevision = "0001"\ndown_revision', count=1
    )


FAULTS = {
    "history/graph.py: revisions follow each other in a circle ({})": circle,
    "history/graph.py: revision {} is in both {} and {}": twice,
    "history/graph.py: {} cannot be read ({})": unreadable,
    "history/graph.py: {} follows revision {}, which does not exist": orphan,
    "history/order.py: revisions wait for each other: {}": waiting,
    "history/order.py: {} requires {}, which does not exist": unknown,
    "history/project.py: {} does not name the folder of a history{}": sections,
    "history/revision.py: {} in {} is {}": head("requires = 1", 'requires = "clickhouse@0001"'),
    "history/revision.py: {} sets depends_on": head(
        'depends_on = "0001"', 'requires = "clickhouse@0001"'
    ),
    "history/revision.py: {} names no revision": nameless,
    "history/revision.py: irreversible in {} is not text": head(
        "irreversible = True", 'irreversible = "True"'
    ),
    "history/revision.py: {} in {} is computed": head(
        'requires = ("clickhouse" + "@0001")', 'requires = ("clickhouse@0001",)'
    ),
    "history/revision.py: {} is not Python ({})": head("requires = (", "requires = ()"),
}


@walks(*FAULTS)
@pytest.mark.parametrize("key", FAULTS)
def test_a_history_that_cannot_be_read(key, site):
    named, correct = FAULTS[key](site)
    site.refused(HISTORY, named)

    correct()

    site.passes(HISTORY)


@walks("history/project.py: there is no {}")
def test_a_folder_without_a_project(site, monkeypatch):
    (site.folder / "empty").mkdir()
    (site.folder / "alembic.ini").rename(site.folder / "empty" / "alembic.ini")
    site.refused(HISTORY, str(site.folder / "alembic.ini"))

    monkeypatch.chdir(site.folder / "empty")

    edit(site.folder / "empty" / "alembic.ini", "%(here)s", str(site.folder))
    site.passes(HISTORY)
