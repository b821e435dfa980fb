"""The command `analytics stamp`: the user sets the revisions that both stores are at."""

from __future__ import annotations

import click


@click.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
def stamp(targets: tuple[str, ...]) -> None:
    """Record the revisions that both stores are at, without running any.

    TARGET is head or base for both, or postgres@0004, clickhouse@base and the like.
    """
    from analytics.cli import progress, project
    from analytics.release import repair

    with progress.shown(quiet=False) as (watch, _):
        heads = repair.stamp(project.settings(), targets, watch=watch)
    for name, at in heads.items():
        click.echo(f"{name:<11} {', '.join(at) or 'base'}")
