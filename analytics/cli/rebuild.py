"""`analytics rebuild --dry-run`: what a rebuild would do."""

from __future__ import annotations

import click

USAGE = "write op.rebuild_view(...) into a revision to do it; --dry-run shows what it would do"


@click.command()
@click.argument("view", metavar="NAME")
@click.argument("version", type=int)
@click.option("--also", metavar="OBJECT=VERSION", multiple=True, help="Another object to change.")
@click.option("--dry-run", is_flag=True, help="Only show it: there is no other way here.")
def rebuild(view: str, version: int, also: tuple[str, ...], dry_run: bool) -> None:
    """Show what a rebuild of a materialized view would do, without doing it.

    NAME is the view, VERSION that of its definition. Chain, sizes, time, disk and pauses.
    """
    from analytics import settings
    from analytics.rebuild.outline import Goal
    from analytics.release import rebuilds
    from analytics.watch import Watch

    if not dry_run:
        raise click.UsageError(USAGE)
    goal = Goal(view, {view: version, **dict(map(_pair, also))})
    found = rebuilds.foresee(settings.load(), goal, Watch(lambda line: click.echo(line, err=True)))
    click.echo("\n".join(found.lines))


def _pair(text: str) -> tuple[str, int]:
    name, _, version = text.partition("=")
    if not version.isdigit():
        raise click.BadParameter(f"{text}: write OBJECT=VERSION", param_hint="--also")
    return name, int(version)
