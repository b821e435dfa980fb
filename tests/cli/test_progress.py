"""The progress of a release: lines in a file, one line that moves on a terminal."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from analytics.cli import progress
from analytics.journal.entry import REVISION, Direction, Entry, State
from analytics.release.plan import Plan, PlannedRevision

TWO = tuple(PlannedRevision("postgres", each, f"Do {each}.", ()) for each in ("0001", "0002"))
PLAN = Plan(Direction.UP, (), TWO, {}, {})
BEGUN = Entry("run", "0001", Direction.UP, REVISION, State.SENT)
STEP = replace(BEGUN, step=1, title="ALTER TABLE [red] x")


def shown(*lines, terminal=False, quiet=False):
    out = StringIO()
    console = Console(file=out, force_terminal=terminal, quiet=quiet, width=100, color_system=None)
    with progress.shown(quiet=quiet, console=console) as (watch, seen):
        seen.planned(PLAN)
        for line in lines:
            watch.wrote(line)
    return out.getvalue()


def test_a_file_gets_a_line_for_each_revision_and_step():
    said = shown(BEGUN, STEP, replace(STEP, state=State.DONE), replace(BEGUN, state=State.DONE))

    assert said == "upgrade postgres@0001  Do 0001.\n  1  ALTER TABLE [red] x\n"


def test_a_half_that_is_settled_is_told_apart_from_the_plan():
    half = replace(BEGUN, revision="0007", direction=Direction.DOWN)

    assert shown(half, BEGUN) == (
        "downgrade 0007, which is half done\nupgrade postgres@0001  Do 0001.\n"
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_says_nothing(terminal):
    assert shown(BEGUN, STEP, terminal=terminal, quiet=True) == ""


def test_a_terminal_gets_how_far_it_is_and_the_step():
    said = shown(BEGUN, replace(BEGUN, state=State.DONE), replace(STEP), terminal=True)

    assert "1/2" in said
    assert "1  ALTER TABLE [red] x" in said
