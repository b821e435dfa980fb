"""The command `analytics rebuild --dry-run`: the preview of a rebuild."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analytics.rebuild.dry_run import Foresight

USAGE = "write op.rebuild_view(...) into a revision to do it; --dry-run shows what it would do"


@click.command()
@click.argument("view", metavar="NAME")
@click.argument("version", type=int)
@click.option("--also", metavar="OBJECT=VERSION", multiple=True, help="Another object to change.")
@click.option("--keep", metavar="TABLE", multiple=True, help="Keep rows that no source makes.")
@click.option("--dry-run", is_flag=True, help="Only show it; this option is required.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuild(
    view: str,
    version: int,
    also: tuple[str, ...],
    keep: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what a rebuild of a materialized view would do, without doing it.

    NAME is the view, VERSION that of its definition. It shows chain, sizes, time, disk and pauses.
    """
    from analytics.cli import project
    from analytics.rebuild.outline import Goal
    from analytics.release import rebuilds
    from analytics.watch import Watch

    if not dry_run:
        raise click.UsageError(USAGE)
    goal = Goal(view, {view: version, **dict(map(_pair, also))}, keep=keep)
    watch = Watch(lambda line: click.echo(line, err=True))
    seen = rebuilds.foresee(project.settings(), goal, watch)
    click.echo(_machine(seen) if as_json else "\n".join(seen.lines))


def _machine(seen: Foresight) -> str:
    chain = seen.outline.chain
    shown = {
        "sources": chain.sources,
        "tables": chain.tables,
        "views": chain.views,
        "changed": {name: seen.outline.wanted[name].version for name in seen.outline.changed},
        "undivided": seen.outline.undivided,
        "holds": [gate.kafka for gate in seen.outline.gates],
        "is_instant": seen.is_instant,
        "rows": {name: size.rows for name, size in seen.sizes.items()},
        "disk_bytes": seen.disk,
        "free_bytes": seen.free,
        "seconds": round(seen.seconds, 1),
        "losses": seen.losses,
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _pair(text: str) -> tuple[str, int]:
    name, _, version = text.partition("=")
    if not version.isdigit():
        raise click.BadParameter(f"{text}: write OBJECT=VERSION", param_hint="--also")
    return name, int(version)
