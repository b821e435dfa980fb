"""The command `analytics rebuilds`: the rebuilds of views, and their state."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuilds(as_json: bool) -> None:
    """List the rebuilds of views: progress, what delays them, what to do next."""
    from analytics.cli import project
    from analytics.release import rebuilds as listing

    listed = listing.listed(project.settings())
    if as_json:
        click.echo(json.dumps(list(map(asdict, listed)), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(line for each in listed for line in each.lines) or "no rebuild yet")
