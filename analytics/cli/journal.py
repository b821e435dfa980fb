"""The command `analytics journal`: all that was sent to the stores, step by step."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from analytics.cli import project
from analytics.history import names
from analytics.journal.entry import Entry, State
from analytics.release import repair
from analytics.watch import Watch


@click.command()
@click.argument("run", default="")
@click.option("--history", type=click.Choice(list(names.NAMES)), help="Of one history only.")
@click.option("--failed", is_flag=True, help="Only lines of what has failed.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the newest N lines.")
@click.option(
    "--prune",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="Delete older lines instead; an unfinished revision keeps its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
def journal(
    run: str,
    history: str | None,
    failed: bool,
    last: int | None,
    prune: int | None,
    as_json: bool,
) -> None:
    """Print the journals of both stores, or the lines of one RUN.

    RUN is the beginning of a run's id.
    """
    if prune is not None:
        _prune(prune)
        return
    found = [
        (name, line)
        for name, line in repair.lines(project.settings(), run)
        if history in (None, name) and not (failed and line.state is not State.FAILED)
    ]
    for name, line in found[-(last or 0) :]:
        click.echo(json.dumps({"history": name} | asdict(line)) if as_json else _human(name, line))


def _prune(days: int) -> None:
    watch = Watch(lambda line: click.echo(line, err=True))
    for name, count in repair.prune(project.settings(), days, watch=watch).items():
        click.echo(f"{name}: {count:,} lines deleted")


def _human(name: str, line: Entry) -> str:
    place = f"{name}@{line.revision} {line.direction}"
    what = f"step {line.step}" if line.step else line.kind or "revision"
    text = " | ".join(part for part in (line.title, line.detail) if part)
    return f"{line.at[:19]}  {line.run[:8]}  {place:<26} {what:<9} {line.state:<6} {text}".rstrip()
