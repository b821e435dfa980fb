"""The command `analytics verify`: the comparison of views with their sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from analytics.errors import ExitCode

if TYPE_CHECKING:
    from analytics.rebuild.verdict import Verdict


@click.command()
@click.argument("view", metavar="[NAME]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, view: str | None, as_json: bool) -> None:
    """Compare what views have computed with their sources, key by key.

    NAME is a view; without it, every chain of views is compared. Ingest is held for a moment, so
    that source and target are read at the same point. Exit code 6 if anything differs.
    """
    from analytics.cli import project
    from analytics.release import rebuilds
    from analytics.watch import Watch

    watch = Watch(lambda line: click.echo(line, err=True))
    verdicts = rebuilds.verified(project.settings(), view, watch)
    if as_json:
        click.echo(json.dumps({v: _machine(each) for v, each in verdicts.items()}, indent=2))
    else:
        click.echo("\n".join(line for verdict in verdicts.values() for line in verdict.lines))
    differs = any(verdict.differences for verdict in verdicts.values())
    ctx.exit(ExitCode.DIFFERENT if differs else ExitCode.OK)


def _machine(verdict: Verdict) -> dict[str, Any]:
    return {
        "sample": verdict.said,
        "compared": [
            {
                "table": each.table,
                "keys": each.keys,
                "differing": each.difference.keys if each.difference else 0,
                "shown": list(each.difference.shown) if each.difference else [],
                "not_compared": list(each.left_out),
            }
            for each in verdict.compared
        ],
        "skipped": list(verdict.skipped),
    }
