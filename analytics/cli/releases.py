"""The command `analytics releases`: the releases so far, and those that were undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from analytics.postgres.releases import Release


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def releases(as_json: bool) -> None:
    """List the releases: time, user, and the revisions before and after."""
    from analytics import settings
    from analytics.postgres import releases
    from analytics.stores import connections

    with connections.opened(settings.load()) as both:
        made = releases.everything(both.records)
    shown = json.dumps([asdict(r) for r in made], indent=2, default=str) if as_json else None
    click.echo(shown or "\n".join(map(_line, made)) or "no release yet")


def _line(release: Release) -> str:
    what = f"{release.direction}{f' (undoes {release.undoes})' if release.undoes else ''}"
    state = f"ended {release.ended:%H:%M:%S}" if release.ended else "has not ended"
    moves = ", ".join(
        f"{name} {_at(release.before[name])} -> {_at(release.after[name])}"
        for name in release.after
    )
    began = f"{release.began:%Y-%m-%d %H:%M:%S}"
    return f"{release.id:>4}  {began}  {what}: {moves}; {state}  {release.who}"


def _at(heads: Sequence[str]) -> str:
    return ", ".join(heads) or "base"
