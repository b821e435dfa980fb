"""What `analytics upgrade` and `analytics downgrade` share: their options, and what they print."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analytics.errors import AnalyticsError
from analytics.journal.entry import Direction

if TYPE_CHECKING:
    from analytics.release.run import Done

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.argument("targets", metavar="[TARGET]...", nargs=-1),
    click.option(
        "--plan",
        "plan_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Run this plan (of `analytics plan --json`), or nothing if anything changed since.",
    ),
    click.option("--allow-data-loss", is_flag=True, help="Run steps that lose data as well."),
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, errors too."),
)


def options(command: Command) -> Command:
    """The options of both commands."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def release(direction: Direction, **said: Any) -> None:
    """Run it and say what became of it; under --json an error, too, is printed as such."""
    try:
        _release(direction, **said)
    except AnalyticsError as error:
        if not said["as_json"]:
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
    from analytics.release import plan_file as files
    from analytics.release import run as release

    if plan_file and targets:
        raise click.UsageError("--plan has its targets in it: leave TARGET out")
    agreed = files.from_json(plan_file.read_text("utf-8")) if plan_file else None
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


def _human(done: Done) -> str:
    if done.number is None:
        return "nothing to do"
    heads = (f"{name} is at {', '.join(at) or 'base'}" for name, at in done.plan.after.items())
    count = len(done.plan.revisions)
    return f"release {done.number}: {count} revision{'s' * (count != 1)}; {', '.join(heads)}"


def _machine(done: Done) -> str:
    said = {
        "release": done.number,
        "direction": done.plan.direction,
        "undoes": done.plan.undoes,
        "revisions": [revision.name for revision in done.plan.revisions],
        "before": done.plan.before,
        "after": done.plan.after,
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def _refusal(error: AnalyticsError) -> str:
    said = {
        "error": type(error).__name__,
        "reason": error.thing,
        "where": list(getattr(error, "__notes__", ())),
        "impact": list(getattr(error, "impact", ())),
        "recommendation": error.remedy,
    }
    return json.dumps(said, indent=2, ensure_ascii=False)
