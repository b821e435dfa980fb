"""The command `analytics rebuild --dry-run`: the preview of a rebuild."""

from __future__ import annotations

import click

USAGE = "write op.rebuild_view(...) into a revision to do it; --dry-run shows what it would do"


@click.command()
@click.argument("view", metavar="NAME")
@click.argument("version", type=int)
@click.option("--also", metavar="OBJECT=VERSION", multiple=True, help="Another object to change.")
@click.option("--dry-run", is_flag=True, help="Only show it; this option is required.")
def rebuild(view: str, version: int, also: tuple[str, ...], dry_run: bool) -> None:
    """Show what a rebuild of a materialized view would do, without doing it.

    NAME is the view, VERSION that of its definition. It shows chain, sizes, time, disk and pauses.
    """
    from analytics import settings
    from analytics.rebuild.outline import Goal
    from analytics.release import rebuilds
    from analytics.watch import Watch

    if not dry_run:
        raise click.UsageError(USAGE)
    goal = Goal(view, {view: version, **dict(map(_pair, also))})
    watch = Watch(lambda line: click.echo(line, err=True))
    click.echo("\n".join(rebuilds.foresee(settings.load(), goal, watch).lines))


def _pair(text: str) -> tuple[str, int]:
    name, _, version = text.partition("=")
    if not version.isdigit():
        raise click.BadParameter(f"{text}: write OBJECT=VERSION", param_hint="--also")
    return name, int(version)
