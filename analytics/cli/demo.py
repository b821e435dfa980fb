"""`analytics demo`: the pipeline's main job on real data."""

from __future__ import annotations

import click

from analytics.demo.run import run


@click.command()
@click.option("--timeout", default=120.0, show_default=True, help="Seconds after the last commit.")
@click.pass_context
def demo(ctx: click.Context, timeout: float) -> None:
    """Replay a published experiment through the pipeline and check what comes out.

    Exit code 1 if anything is missing, doubled or different. It can be run again and again.
    """
    ctx.exit(run(timeout))
