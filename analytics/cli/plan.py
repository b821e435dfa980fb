"""The command `analytics plan`: the revisions and steps of a release, before it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from analytics.journal.entry import Direction

if TYPE_CHECKING:
    from analytics.release.plan import Plan, PlannedRevision, PlannedStep, StoreState


@click.command()
@click.argument("targets", metavar="[TARGET]...", nargs=-1)
@click.option("--downgrade", "down", is_flag=True, help="Plan a downgrade; without TARGET, undo.")
@click.option("--sql", "as_sql", is_flag=True, help="Print a script of statements and commands.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, which --plan takes.")
@click.option("--check", is_flag=True, help="Run it both ways on private, empty stores first.")
@click.option("--from-nothing", is_flag=True, help="With --check: all revisions, no server asked.")
def plan(
    targets: tuple[str, ...],
    down: bool,
    as_sql: bool,
    as_json: bool,
    check: bool,
    from_nothing: bool,
) -> None:
    """Show what a release would do, without doing it.

    TARGET is as in `analytics upgrade`, or with --downgrade as in `analytics downgrade`. The option
    is not needed for base and for targets such as clickhouse@-1.

    With --check, empty stores of the extra `local` are brought to the same revisions, and the
    release runs there, is taken back, and runs again; exit code 1 if one of the three cannot. With
    --from-nothing as well, all revisions do, and nothing else is shown.
    """
    from analytics.cli import project, rehearsing
    from analytics.release import needs
    from analytics.release import run as release
    from analytics.release.plan_file import to_json

    loaded = project.settings()
    if from_nothing:
        if not check or targets:
            raise click.UsageError("--from-nothing goes with --check, and with no TARGET")
        rehearsing.check_whole(loaded)
        return
    direction = Direction.DOWN if down or any(map(_leads_down, targets)) else Direction.UP
    made = release.plan(loaded, direction, targets)
    if check:
        rehearsing.check(made, loaded)
    if as_sql:
        release.write(loaded, made, sys.stdout)
    elif as_json:
        click.echo(to_json(made))
    else:
        lacks = (f"cannot run: {each}" for each in needs.missing(made, loaded))
        click.echo("\n".join((*_human(made), *lacks)))


def _leads_down(target: str) -> bool:
    name = target.rpartition("@")[2]
    return name == "base" or name.startswith("-")


def _human(made: Plan) -> Iterator[str]:
    from analytics.release import losses

    for name, store in made.stores.items():
        yield from _store(name, store, made.after[name])
    if not made.revisions:
        yield "no revision to run"
        return
    for revision in made.revisions:
        yield ""
        yield from _revision(revision, made)
    yield ""
    yield f"fingerprint {made.fingerprint}"
    names = dict.fromkeys(loss.revision for loss in losses.of(made))
    if names:
        yield f"it loses data: allow it by {' '.join(f'--allow-data-loss {n}' for n in names)}"


def _store(name: str, store: StoreState, after: Sequence[str]) -> Iterator[str]:
    heads = ", ".join(store.heads) or "base"
    yield f"{name:<11} {store.server}  {heads} -> {', '.join(after) or 'base'}"
    if store.half_done:
        yield f"{'':<11} {store.half_done_steps}"


def _revision(revision: PlannedRevision, made: Plan) -> Iterator[str]:
    yield f"{made.direction} {revision.name}  {revision.title}"
    for number, step in enumerate(revision.steps, start=1):
        yield f"{number:>5}  {_cut(step.text)}"
        yield from (f"{'':>7}{note}" for note in _notes(step))
    if not revision.is_whole:
        yield "    ?  it asks the server while it runs: the steps after this are not known before"


def _notes(step: PlannedStep) -> Iterator[str]:
    if step.impact.loses:
        yield f"LOSES DATA: {step.impact.loses}{step.rows_said}"
        if step.allowed:
            yield f"allowed by its author: {step.allowed}"
    if step.impact.blocks:
        yield f"under traffic: {step.impact.blocks}{step.rows_said}"
    if step.reruns:
        yield f"may run twice: {step.reruns}"


def _cut(text: str, length: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 3] + "..."
