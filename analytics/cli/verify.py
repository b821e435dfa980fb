"""The command `analytics verify`: the comparison of views with their sources."""

from __future__ import annotations

import click

from analytics.errors import ExitCode


@click.command()
@click.argument("view", metavar="[NAME]", required=False)
@click.pass_context
def verify(ctx: click.Context, view: str | None) -> None:
    """Compare what views have computed with their sources, key by key.

    NAME is a view; without it, every chain of views is compared. Ingest is held for a moment, so
    that source and target are read at the same point. Exit code 6 if anything differs.
    """
    from analytics import settings
    from analytics.release import rebuilds
    from analytics.watch import Watch

    watch = Watch(lambda line: click.echo(line, err=True))
    verdicts = rebuilds.verified(settings.load(), view, watch).values()
    for verdict in verdicts:
        click.echo("\n".join(verdict.lines))
    differs = any(verdict.differences for verdict in verdicts)
    ctx.exit(ExitCode.DIFFERENT if differs else ExitCode.OK)
