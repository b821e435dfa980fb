"""The command `analytics journal`: all that was sent to the stores, step by step."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from analytics import settings
from analytics.journal.entry import Entry
from analytics.release import repair


@click.command()
@click.argument("run", default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
def journal(run: str, as_json: bool) -> None:
    """Print the journals of both stores, or the lines of one RUN.

    RUN is the beginning of a run's id.
    """
    for name, line in repair.lines(settings.load(), run):
        click.echo(json.dumps({"history": name} | asdict(line)) if as_json else _human(name, line))


def _human(name: str, line: Entry) -> str:
    place = f"{name}@{line.revision} {line.direction}"
    what = f"step {line.step}" if line.step else line.kind or "revision"
    text = " | ".join(part for part in (line.title, line.detail) if part)
    return f"{line.at[:19]}  {line.run[:8]}  {place:<26} {what:<9} {line.state:<6} {text}".rstrip()
