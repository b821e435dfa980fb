"""The common part of `analytics upgrade` and `analytics downgrade`: options and output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analytics.errors import AnalyticsError
from analytics.journal.entry import Direction

if TYPE_CHECKING:
    from analytics.release.plan import Plan
    from analytics.release.run import Done

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.argument("targets", metavar="[TARGET]...", nargs=-1),
    click.option(
        "--plan",
        "plan_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Run this plan (of `analytics plan --json`), unless anything has changed.",
    ),
    click.option("--allow-data-loss", is_flag=True, help="Run steps that lose data as well."),
    click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
    click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, errors too."),
)


def options(command: Command) -> Command:
    """The options of both commands."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def release(direction: Direction, **options: Any) -> None:
    """Run a release and print its outcome, under --json also that of an error."""
    try:
        _release(direction, **options)
    except AnalyticsError as error:
        if not options["as_json"]:
            raise
        click.echo(_refusal(error))
        click.get_current_context().exit(error.exit_code)


def _release(
    direction: Direction,
    *,
    targets: tuple[str, ...],
    plan_file: Path | None,
    allow_data_loss: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    from analytics import settings
    from analytics.cli import progress
    from analytics.release import run as release

    if plan_file and targets:
        raise click.UsageError("--plan contains its targets: leave out TARGET")
    agreed = _plan(plan_file) if plan_file else None
    with progress.shown(quiet=quiet) as (watch, seen):
        done = release.run(
            settings.load(),
            direction,
            targets,
            watch=watch,
            planned=seen.planned,
            agreed=agreed,
            may_lose_data=allow_data_loss,
        )
    if as_json or not quiet:
        click.echo(_machine(done) if as_json else _human(done))


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


def _refusal(error: AnalyticsError) -> str:
    outcome = {
        "error": type(error).__name__,
        "reason": error.thing,
        "where": list(getattr(error, "__notes__", ())),
        "impact": list(getattr(error, "impact", ())),
        "recommendation": error.remedy,
    }
    return json.dumps(outcome, indent=2, ensure_ascii=False)
