"""The common part of `analytics upgrade` and `analytics downgrade`: options and output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analytics.journal.entry import Direction

if TYPE_CHECKING:
    from analytics.release.losses import Loss
    from analytics.release.plan import Plan
    from analytics.release.run import Done
    from analytics.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

ASK = ""  # the value of --allow-data-loss without a name

OPTIONS = (
    click.argument("targets", metavar="[TARGET]...", nargs=-1),
    click.option(
        "--plan",
        "plan_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Run this plan (of `analytics plan --json`), unless anything has changed.",
    ),
    click.option(
        "--allow-data-loss",
        "allowed",
        metavar="[NAME]",
        multiple=True,
        is_flag=False,
        flag_value=ASK,
        help="Let a table's data be lost, or what a revision loses (clickhouse@0017). Without a "
        "NAME, list what would be lost, and ask on a terminal. TARGET comes before it.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, errors too."),
)


def options(command: Command) -> Command:
    """The options of both commands."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def release(
    direction: Direction,
    *,
    targets: tuple[str, ...],
    plan_file: Path | None,
    allowed: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> None:
    """Run a release and print its outcome."""
    from analytics.cli import progress, project
    from analytics.release import run as release

    if plan_file and targets:
        raise click.UsageError("--plan contains its targets: leave out TARGET")
    agreed = _plan(plan_file) if plan_file else None
    with progress.shown(quiet=quiet) as (watch, seen):
        done = release.run(
            _allowing(project.settings(), allowed),
            direction,
            targets,
            watch=watch,
            planned=seen.planned,
            agreed=agreed,
            agrees=_agrees if ASK in allowed else lambda _: False,
        )
    if as_json or not quiet:
        click.echo(_machine(done) if as_json else _human(done))


def _allowing(loaded: Settings, names: tuple[str, ...]) -> Settings:
    """The settings, with the names of the command line beside their own."""
    allowed = {*loaded.allowed_losses, *filter(None, names)}
    return replace(loaded, allow_data_loss=",".join(sorted(allowed)))


def _agrees(losses: list[Loss]) -> bool:
    """List what would be lost; on a terminal, whether the user lets it."""
    for loss in losses:
        click.echo(f"loses data: {loss.text}", err=True)
    return not sys.stdin.isatty() or click.confirm("Lose it?", err=True)


def _plan(file: Path) -> Plan:
    from analytics.release import plan_file

    return plan_file.from_json(file.read_bytes())


def _human(done: Done) -> str:
    if done.number is None:
        return "nothing to do"
    heads = (f"{name} is at {', '.join(at) or 'base'}" for name, at in done.plan.after.items())
    count = len(done.plan.revisions)
    return f"release {done.number}: {count} revision{'s' * (count != 1)}; {', '.join(heads)}"


def _machine(done: Done) -> str:
    outcome = {
        "release": done.number,
        "direction": done.plan.direction,
        "undoes": done.plan.undoes,
        "revisions": [revision.name for revision in done.plan.revisions],
        "before": done.plan.before,
        "after": done.plan.after,
    }
    return json.dumps(outcome, indent=2, ensure_ascii=False)
