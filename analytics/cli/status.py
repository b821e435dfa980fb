"""The command `analytics status`: the revisions that both stores are at."""

from __future__ import annotations

import json

import click

from analytics.cli import project
from analytics.errors import ExitCode
from analytics.release.status import Standing, of_both


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--exit-code", "tell", is_flag=True, help="Exit with 3 if revisions are pending.")
@click.pass_context
def status(ctx: click.Context, as_json: bool, tell: bool) -> None:
    """Show which revisions both stores are at, and which are pending."""
    stores = of_both(project.settings())
    click.echo(_machine(stores) if as_json else _human(stores))
    pending = any(each.pending for each in stores.values())
    ctx.exit(ExitCode.PENDING if tell and pending else ExitCode.OK)


def _human(stores: dict[str, Standing]) -> str:
    return "\n".join(line for name, each in stores.items() for line in _lines(name, each))


def _lines(name: str, store: Standing) -> list[str]:
    return [
        f"{name:<11} {store.server}",
        f"  at        {', '.join(store.heads) or 'base'}",
        f"  newest    {', '.join(store.newest) or 'base'}",
        f"  pending   {len(store.pending)}",
        *(f"    {revision.id}  {revision.title}" for revision in store.pending),
    ]


def _machine(stores: dict[str, Standing]) -> str:
    shown = {
        name: {
            "server": each.server,
            "heads": each.heads,
            "newest": each.newest,
            "applied": each.applied,
            "pending": [{"revision": r.id, "title": r.title} for r in each.pending],
        }
        for name, each in stores.items()
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)
