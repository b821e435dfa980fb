"""The command `analytics resolve`: the user settles what the server does not know."""

from __future__ import annotations

import click

from analytics.cli import project
from analytics.journal.entry import State
from analytics.release import repair


@click.command()
@click.argument("run")
@click.argument("step", type=click.IntRange(min=1), required=False)
@click.option("--done", "state", flag_value=State.DONE, type=State, help="STEP happened.")
@click.option("--failed", "state", flag_value=State.FAILED, type=State, help="STEP did not.")
@click.option("--abandon", is_flag=True, help="Leave the whole revision as it is, half-way.")
@click.option("--reason", required=True, help="The reason, which the journal keeps.")
def resolve(run: str, step: int | None, state: State | None, abandon: bool, reason: str) -> None:
    """Say whether STEP of RUN has happened; then run the command again.

    RUN is the beginning of the run's id. With --abandon and no STEP, the revision that RUN has left
    half-way is neither finished nor taken back: put the store in order yourself, then say by
    `analytics stamp` where it is.
    """
    loaded = project.settings()
    if abandon and step is None and state is None:
        line = repair.abandon(loaded, run, reason, say=_say)
        click.echo(f"{line.direction} of revision {line.revision} is left as it is")
    elif step is not None and state is not None and not abandon:
        line = repair.resolve(loaded, run, step, state=state, reason=reason, say=_say)
        click.echo(f"step {step} of revision {line.revision} counts as {line.state}: {line.title}")
    else:
        raise click.UsageError("say STEP with --done or --failed, or --abandon without STEP")


def _say(line: str) -> None:
    click.echo(line, err=True)
