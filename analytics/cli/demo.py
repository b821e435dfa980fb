"""The command `analytics demo`: a published experiment, sent through the pipeline."""

from __future__ import annotations

from functools import partial

import click

from analytics.cli import project
from analytics.experiments.demo.change_live import run as change
from analytics.experiments.demo.run import run
from analytics.local import stack


@click.command()
@click.option(
    "--timeout", default=120.0, show_default=True, help="Seconds to wait after the last commit."
)
@click.option("--change-live", is_flag=True, help="Change a view under traffic instead.")
@click.pass_context
def demo(ctx: click.Context, timeout: float, change_live: bool) -> None:
    """Replay a published experiment through the pipeline and check what comes out.

    With --change-live, events are written while a view is rebuilt and put back. Exit code 1 if
    a row is missing, doubled or different. It can be run again at any time.
    """
    ini = project.ini()
    course = change if change_live else run
    ctx.exit(course(timeout, partial(stack.up, ini=ini), ini))
