"""Histories read without Alembic: the same answers as Alembic's own, and errors with a remedy."""

import itertools
import re
import tempfile
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import HistoryError, TargetError
from analytics.history import graph, targets
from analytics.history import revision as revision_file
from tests.conftest import ROOT

IDS = ("a1b2", "a1c3", "a1c4", "b001", "b0021", "c00", "d9d9d9", "0001")
TARGETS = (*IDS, "a1", "a1b", "b00", "zz", "head", "heads", "base")
STEPS = ("+0", "+1", "+2", "+3", "-0", "-1", "-2", "-3")


def write(folder, *, name="r.py", said='revision = "0001"\ndown_revision = None', tail=""):
    """A revision's file; the history's versions folder is returned."""
    (folder / name).write_text(
        f'"""Say what for.\n\nAnd more."""\n\nfrom alembic import op\n\n{said}\n\n\n'
        f"def upgrade() -> None:\n    op.f()\n\n\ndef downgrade() -> None:\n    op.f()\n{tail}"
    )
    return folder


def chain(folder, downs):
    """A history of linked revisions: id -> those that it follows."""
    for revision, down in downs.items():
        said = f"revision = {revision!r}\ndown_revision = {down or None!r}"
        write(folder, name=f"{revision}_x.py", said=said)
    return folder


def ancestors(downs, ids):
    """All below, and the revisions themselves."""
    found = set(ids)
    for each in reversed(downs):  # those below are made before
        found |= set(downs[each]) if each in found else set()
    return found


def tops(downs, ids):
    """Those of the ids that none of the others has below it."""
    return tuple(i for i in ids if not any(i in ancestors(downs, [o]) for o in ids if o != i))


@st.composite
def histories(draw):
    """Links of a history, with branches, merges and several bases, and the heads of a database."""
    downs = {}
    for each in draw(st.permutations(IDS))[: draw(st.integers(1, len(IDS)))]:
        below = (
            draw(st.lists(st.sampled_from(list(downs)), max_size=3, unique=True)) if downs else []
        )
        downs[each] = tops(downs, below)
    current = draw(st.lists(st.sampled_from(list(downs)), max_size=3, unique=True))
    return downs, tops(downs, current)


def outcome(work, refused):
    """The ids that a move runs, or that it is refused."""
    try:
        return list(work())
    except refused:
        return "refused"


def same(ours, theirs, downs, *, up):
    """The same revisions, each in a place where it can be run."""
    if "refused" in (ours, theirs):
        return ours == theirs
    order = ours if up else ours[::-1]
    place = {each: n for n, each in enumerate(order)}
    right = all(place[d] < place[r] for r in order for d in downs[r] if d in place)
    return right and sorted(ours) == sorted(theirs)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_move_runs_the_revisions_that_alembic_would_run(drawn):
    downs, current = drawn
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "versions").mkdir()
        read = graph.read(chain(Path(folder) / "versions", downs))
        script = ScriptDirectory(folder)
        steps = STEPS if len(current) < 2 else ()  # Alembic guesses where -1 starts

        assert set(read.heads) == set(script.get_heads())
        for target, up in itertools.product((*TARGETS, *steps), (True, False)):
            move, alembic = (
                (targets.upgrade, script._upgrade_revs)
                if up
                else (targets.downgrade, script._downgrade_revs)
            )
            ours = outcome(
                lambda m=move, t=target: [r.id for r in m(read, t, current)], TargetError
            )
            theirs = outcome(
                lambda a=alembic, t=target: [s.revision.revision for s in a(t, current)],
                CommandError,
            )
            assert same(ours, theirs, downs, up=up), (target, up, ours, theirs)


@given(histories())
@settings(max_examples=60, deadline=None)
def test_what_is_applied_and_what_is_pending_make_the_whole(drawn):
    downs, current = drawn
    with tempfile.TemporaryDirectory() as folder:
        read = graph.read(chain(Path(folder), downs))

    applied = {r.id for r in read.applied(current)}
    assert applied == ancestors(downs, current)
    assert applied | {r.id for r in read.pending(current)} == set(downs)


@pytest.mark.parametrize("folder", ["migrations", "migrations_ch"])
def test_our_own_histories_read_as_alembic_reads_them(folder):
    ours = graph.read(ROOT / folder / "versions").revisions
    theirs = ScriptDirectory(str(ROOT / folder)).walk_revisions()

    assert [(r.id, r.title) for r in ours][::-1] == [(s.revision, s.doc) for s in theirs]


def test_steps_from_several_heads_are_refused(tmp_path):
    read = graph.read(chain(tmp_path, {"a": (), "b": ("a",), "c": ("a",)}))

    with pytest.raises(TargetError, match="-1 can start at b, c: name a revision"):
        targets.downgrade(read, "-1", ["b", "c"])


USUAL = (
    'revision = "0002"\ndown_revision = "0001"\nrequires = ("postgres@0004",)\nirreversible = "x"'
)
UNUSUAL = (
    "revision: str = '0002'\ndown_revision: str | None = '0001'\n"
    'requires = (\n    "postgres@0004",\n)\nirreversible = """x"""'
)


@pytest.mark.parametrize("said", [USUAL, UNUSUAL])
def test_a_file_in_any_form_says_what_its_names_hold(said, tmp_path):
    text = (write(tmp_path, said=said) / "r.py").read_bytes()

    found = revision_file.read("r.py", text)

    assert (found.id, found.down, found.title) == ("0002", ("0001",), "Say what for.")
    assert (found.requires, found.irreversible) == (("postgres@0004",), "x")


def test_names_behind_the_functions_count(tmp_path):
    text = (write(tmp_path, tail='\nrequires = "clickhouse@0001"\n') / "r.py").read_bytes()

    assert revision_file.read("r.py", text).requires == ("clickhouse@0001",)


def test_a_docstring_that_looks_like_code_is_none():
    text = b'"""Say.\n\ndef is a word.\n"""\n\nrevision = "0001"\n\n\ndef upgrade(): ...\n'

    assert revision_file.read("r.py", text).id == "0001"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("x = 1", "names no revision"),
        ("revision = 1", "names no revision"),
        ('revision = "1" + "2"', "revision in .* is computed"),
        ('revision = "1"\ndown_revision = 3', "down_revision in .* is 3"),
        ('revision = "1"\nrequires = {"a": 1}', "requires in .* is {'a': 1}"),
        ('revision = "1"\nirreversible = True', "irreversible in .* is not text"),
        ('revision = "1"\ndepends_on = "2"', "sets depends_on"),
        ('revision = "1', "is not Python"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(said, words, tmp_path):
    file = re.escape(str(tmp_path / "r.py"))

    with pytest.raises(HistoryError, match=words) as raised:
        graph.read(write(tmp_path, said=said))
    assert re.search(file, raised.value.thing)


def test_two_files_with_one_revision_are_named(tmp_path):
    write(tmp_path, name="0001_a.py")

    with pytest.raises(HistoryError, match=r"0001 is in both .*0001_a.py and .*0001_b.py"):
        graph.read(write(tmp_path, name="0001_b.py"))


def test_a_revision_that_is_followed_and_not_there_is_named(tmp_path):
    with pytest.raises(
        HistoryError, match=r"0002_x.py follows revision 0001, which does not exist"
    ):
        graph.read(chain(tmp_path, {"0002": ("0001",)}))


def test_a_circle_is_named(tmp_path):
    with pytest.raises(HistoryError, match=r"circle \(a -> c -> b -> a\)"):
        graph.read(chain(tmp_path, {"a": ("c",), "b": ("a",), "c": ("b",)}))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(HistoryError, match=r"nowhere cannot be read .*: correct script_location"):
        graph.read(tmp_path / "nowhere")


def test_a_head_that_no_file_has_is_named(tmp_path):
    with pytest.raises(TargetError, match="the database is at revision 0009, which"):
        graph.read(write(tmp_path)).pending(["0009"])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("zz", "has no revision zz"),
        ("00", "00 is the beginning of 0001, 0002"),
        ("+3", "only 2 steps"),
    ],
)
def test_a_target_that_cannot_be_meant_is_named(target, words, tmp_path):
    read = graph.read(chain(tmp_path, {"0001": (), "0002": ("0001",)}))

    with pytest.raises(TargetError, match=words):
        targets.upgrade(read, target, [])
