"""The command `analytics connectors`: how connectors and slots stand, and orders to one of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from analytics.errors import ExitCode

if TYPE_CHECKING:
    from analytics.release.connectors import Standing

ORDERS = ("restart", "pause", "resume", "stop")


@click.command()
@click.argument("order", type=click.Choice(ORDERS), required=False)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def connectors(ctx: click.Context, order: str | None, name: str | None, as_json: bool) -> None:
    """List the connectors of the database: state, slot, lag, and what to do.

    With an ORDER it is given to the connector NAME; after restart and resume the command waits
    until it works, as op.register_connector does. Exit code 1 if there is something to do.
    """
    from analytics.cli import project
    from analytics.release import connectors as standing
    from analytics.release import orders

    loaded = project.settings()
    if order:
        if not name:
            raise click.UsageError(f"name the connector to {order}")
        click.echo(orders.give(loaded, order, name))
        return
    found = standing.listed(loaded)
    if as_json:
        click.echo(json.dumps(list(map(asdict, found)), indent=2))
    else:
        click.echo("\n".join(map(_line, found)) or "no connector reads this database")
    ctx.exit(ExitCode.ERROR if any(each.todo for each in found) else ExitCode.OK)


def _line(each: Standing) -> str:
    state, slot = "/".join((each.state, *each.tasks)), each.slot
    kept = f"{_size(slot.kept)} kept" + (f" of {_size(slot.most)}" if slot.most else "")
    facts = (f"slot {slot.name}", f"{_size(slot.behind)} behind", kept, each.definition)
    todo = f"\n      -> {each.todo}" if each.todo else ""
    return f"{each.name}  {state}  {', '.join(filter(None, facts))}{todo}"


def _size(size: int | None) -> str:
    return "?" if size is None else f"{size / (1 << 20):,.1f} MB"
