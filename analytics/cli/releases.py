"""The command `analytics releases`: the releases so far, and how each one stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from analytics.release.listing import Listed


@click.command()
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the newest N.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def releases(last: int | None, as_json: bool) -> None:
    """List the releases: time, user, and the revisions before and after.

    The one that `analytics downgrade` without TARGET takes back is marked.
    """
    from analytics.cli import project
    from analytics.release import listing

    made = listing.everything(project.settings())[-(last or 0) :]
    if as_json:
        click.echo(json.dumps(list(map(_machine, made)), indent=2, default=str))
    else:
        click.echo("\n".join(map(_line, made)) or "no release yet")


def _machine(each: Listed) -> dict[str, Any]:
    return asdict(each.release) | {"state": each.state, "is_undone_next": each.is_next}


def _line(each: Listed) -> str:
    release = each.release
    what = f"{release.direction}{f' (undoes {release.undoes})' if release.undoes else ''}"
    moves = ", ".join(
        f"{name} {_at(release.before[name])} -> {_at(release.after[name])}"
        for name in release.after
    )
    mark = "<- `analytics downgrade` takes it back" if each.is_next else ""
    began = f"{release.began:%Y-%m-%d %H:%M:%S}"
    return f"{release.id:>4}  {began}  {what}: {moves}; {each.state}  {release.who} {mark}".rstrip()


def _at(heads: Sequence[str]) -> str:
    return ", ".join(heads) or "base"
