"""`analytics verify`: what views have computed, beside their sources."""

from __future__ import annotations

import click

from analytics.errors import ExitCode


@click.command()
@click.argument("view", metavar="[NAME]", required=False)
@click.pass_context
def verify(ctx: click.Context, view: str | None) -> None:
    """Compare what views have computed with their sources, key by key.

    NAME is a view; without it, every chain of views is compared. Ingest is held for a moment, to
    look at source and target at the same time. Exit code 6 if anything differs.
    """
    from analytics import settings
    from analytics.release import rebuilds
    from analytics.watch import Watch

    watch = Watch(lambda line: click.echo(line, err=True))
    found = rebuilds.verified(settings.load(), view, watch)
    for verdict in found.values():
        click.echo("\n".join(verdict.lines))
    ctx.exit(
        ExitCode.DIFFERENT
        if any(verdict.differences for verdict in found.values())
        else ExitCode.OK
    )
