"""The command `analytics history`: the revisions of both histories, without a server."""

from __future__ import annotations

import json

import click

from analytics.cli import project
from analytics.history import project as histories
from analytics.history.order import Node


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(as_json: bool) -> None:
    """Show all revisions of both histories, in the order in which they run."""
    nodes = histories.in_order(histories.read(project.file()))
    click.echo(_machine(nodes) if as_json else "\n".join(map(_line, nodes)))


def _line(node: Node) -> str:
    name, revision = node
    notes = [f"requires {', '.join(revision.requires)}"] if revision.requires else []
    if revision.irreversible:
        notes.append(f"irreversible: {revision.irreversible}")
    return f"{name:<11} {revision.id}  {revision.title}" + "".join(f" ({n})" for n in notes)


def _machine(nodes: list[Node]) -> str:
    shown = [
        {
            "history": name,
            "revision": revision.id,
            "down": revision.down,
            "title": revision.title,
            "requires": revision.requires,
            "irreversible": revision.irreversible,
        }
        for name, revision in nodes
    ]
    return json.dumps(shown, indent=2, ensure_ascii=False)
