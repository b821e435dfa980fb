"""The command `analytics resolve`: the user settles a step whose outcome is not known."""

from __future__ import annotations

import click

from analytics import settings
from analytics.journal.entry import State
from analytics.release import repair


@click.command()
@click.argument("run")
@click.argument("step", type=click.IntRange(min=1))
@click.option("--done", "state", flag_value=State.DONE, type=State, help="It happened.")
@click.option("--failed", "state", flag_value=State.FAILED, type=State, help="It did not.")
@click.option("--reason", required=True, help="The reason, which the journal keeps.")
def resolve(run: str, step: int, state: State | None, reason: str) -> None:
    """Say whether STEP of RUN has happened; then run the command again.

    RUN is the beginning of the run's id.
    """
    if state is None:
        raise click.UsageError("say --done or --failed")
    line = repair.resolve(
        settings.load(),
        run,
        step,
        state=state,
        reason=reason,
        say=lambda s: click.echo(s, err=True),
    )
    click.echo(f"step {step} of revision {line.revision} counts as {line.state}: {line.title}")
